from __future__ import annotations

import logging
from typing import Any

import pytest
from mitmproxy import exceptions, hooks
from mitmproxy.addonmanager import AddonManager
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import tflow

from promptguard.proxy.addon_manager import QuickAddonManager


class Heard:
    """Notes what it hears, and ends as it is told."""

    def __init__(self, name: str, log: list[str], error: Exception | None = None, within: tuple[object, ...] = ()):
        self.name = name
        self.addons = list(within)
        self._log = log
        self._error = error

    def request(self, flow: Any) -> None:
        self._log.append(self.name)
        if self._error:
            raise self._error


class HeardLater(Heard):
    async def request(self, flow: Any) -> None:  # type: ignore[override]
        self._log.append(f"{self.name} begins")
        self._log.append(self.name)


class Updated:
    name = "updated"

    def __init__(self, log: list[str]) -> None:
        self._log = log

    def update(self, flows: Any) -> None:
        self._log.append("updated")


def addons(log: list[str]) -> list[object]:
    return [
        Heard("outer", log, within=(Heard("inner", log), HeardLater("awaited", log))),
        Heard("failing", log, ValueError("no"), within=(Heard("behind the failing", log),)),
        Updated(log),
        Heard("halting", log, exceptions.AddonHalt()),
        Heard("never", log),
    ]


@pytest.mark.parametrize("kind", [AddonManager, QuickAddonManager])
async def test_hears_what_mitmproxy_lets_hear(kind: type[AddonManager], caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []
    master = Master(Options())
    manager = kind(master)  # type: ignore[no-untyped-call]
    manager.add(*addons(log))  # type: ignore[no-untyped-call]
    flow = tflow.tflow()
    expected = ["outer", "inner", "awaited begins", "awaited", "failing", "halting", "updated"]
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            await manager.handle_lifecycle(hooks_request(flow))
    assert log == expected * 2
    assert caplog.text.count("ValueError") >= 2


async def test_addons_come_and_go() -> None:
    log: list[str] = []
    manager = QuickAddonManager(Master(Options()))
    first, second = Heard("first", log), Heard("second", log)
    flow = tflow.tflow()
    manager.add(first)
    await manager.trigger_event(hooks_request(flow))
    manager.add(second)
    await manager.trigger_event(hooks_request(flow))
    manager.remove(first)
    await manager.trigger_event(hooks_request(flow))
    manager.clear()
    await manager.trigger_event(hooks_request(flow))
    assert log == ["first", "first", "second", "second"]


def hooks_request(flow: Any) -> hooks.Hook:
    return HttpRequestHook(flow)


async def test_addons_that_are_there_already_stay() -> None:
    log: list[str] = []
    master = Master(Options())
    master.addons.add(Heard("earlier", log))
    manager = QuickAddonManager(master)
    manager.add(Heard("later", log))
    await manager.trigger_event(HttpRequestHook(tflow.tflow()))
    assert log == ["earlier", "later"]
    assert manager.get("earlier") is not None
