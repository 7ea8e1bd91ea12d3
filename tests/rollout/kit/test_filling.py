from __future__ import annotations

from importlib.resources import files

import pytest

from promptguard.rollout.kit.filling import filled


def test_every_place_needs_a_value() -> None:
    assert "PROXY" in filled("google.txt", {"FACTS": "PROXY", "FIREWALL": ""})
    with pytest.raises(KeyError, match="FIREWALL"):
        filled("google.txt", {"FACTS": ""})


def test_templates_are_text_that_every_system_reads() -> None:
    for each in (files("promptguard.rollout.kit") / "templates").iterdir():
        assert b"\r" not in each.read_bytes() and each.read_bytes().isascii(), each.name
