from __future__ import annotations

import logging

import pytest

from promptguard.proxy import seldom


def test_each_address_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    warnings = seldom.Seldom()
    with caplog.at_level(logging.WARNING):
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
            warnings.warn("%s: %s", address, "why")
    assert [record.getMessage() for record in caplog.records] == ["192.0.2.1: why", "192.0.2.2: why"]


def test_it_forgets(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(seldom, "MAX_TOLD", 2)
    warnings = seldom.Seldom()
    with caplog.at_level(logging.WARNING):
        for number in (1, 2, 3, 1):
            warnings.warn("%s", f"192.0.2.{number}")
    assert len(caplog.records) == 4
