"""A hook that fails ends what it was called for, and tells nothing of why that could be a value."""

from __future__ import annotations

from typing import Any

import pytest
from mitmproxy.test import tflow

from promptguard.errors import PromptGuardError, Unavailable
from promptguard.proxy.hooks import ends_with, why
from promptguard.reasons import Code


class Addon:
    def __init__(self, *, ends_well: bool = True) -> None:
        self.ended: list[Any] = []
        self._ends_well = ends_well

    def _close(self, flow: Any, error: Exception) -> None:
        if not self._ends_well:
            raise ValueError("sesame")
        self.ended.append((flow, error))

    @ends_with(_close)
    def request(self, flow: Any) -> None:
        raise RuntimeError("sesame")

    @ends_with(_close)
    async def later(self, flow: Any) -> None:
        raise RuntimeError("sesame")

    @ends_with(_close)
    def fine(self, flow: Any) -> None:
        pass


async def test_what_fails_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    addon = Addon()
    addon.request("now")
    await addon.later("later")
    addon.fine("fine")
    assert [flow for flow, _ in addon.ended] == ["now", "later"]
    assert "RuntimeError" in caplog.text and "sesame" not in caplog.text


async def test_what_cannot_be_ended_well_is_killed(caplog: pytest.LogCaptureFixture) -> None:
    addon, flow = Addon(ends_well=False), tflow.tflow()
    flow.live = True
    await addon.later(flow)
    assert flow.error is not None
    assert "sesame" not in caplog.text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unavailable(Code.START_PENDING), Code.START_PENDING),
        (PromptGuardError("the disk is full"), Code.RECORD_FAILED),
        (TimeoutError(), Code.RECORD_FAILED),
        (RuntimeError("sesame"), Code.REQUEST_FAILED),
    ],
)
def test_people_are_told_a_code(error: Exception, code: Code) -> None:
    assert why(error).code == code
