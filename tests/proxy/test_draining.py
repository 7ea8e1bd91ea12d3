"""The end of a real mitmproxy, with what is under way on it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from promptguard.configuration.settings import Settings
from promptguard.model import Action, Decision, Event, Verdict
from promptguard.proxy import draining
from promptguard.proxy.draining import Draining
from promptguard.proxy.master import ProxyMaster

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
ASKS = b"GET http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n"


def patient(seconds: float) -> Settings:
    return Settings.model_validate({"proxy": {"drain_s": seconds}})


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "NOTICE_SECONDS", 0.0)
    monkeypatch.setattr(draining, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(draining, "_LOOK_SECONDS", 0.001)


@pytest.fixture
async def draining_of() -> AsyncIterator[Callable[[ProxyMaster], Draining]]:
    """Makes what ends a proxy; it looks no more once the test is over."""
    made: list[Draining] = []

    def make(master: ProxyMaster) -> Draining:
        made.append(Draining(master))
        return made[-1]

    yield make
    for each in made:
        each.stop()


class Slow:
    """A service that answers once it may."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked.set()
        await self.go_on.wait()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await reader.read()
        writer.close()


async def test_what_is_under_way_is_finished(proxied: Any, draining_of: Any, wire: Any) -> None:
    slow = Slow()
    async with wire.listening(slow.serve) as target, proxied(allow, port=target, settings=patient(60)) as (_, port):
        idle, idle_writer = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASKS)
        await slow.asked.wait()
        draining_of(proxied.master).begin()
        assert proxied.service.draining
        assert await idle.read() == b"", "who is idle is sent elsewhere"
        assert not proxied.master.should_exit.is_set()
        slow.go_on.set()
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200 OK") and b"connection: close" in answer and answer.endswith(b"ok")
        await proxied.master.should_exit.wait()
        idle_writer.close()
        writer.close()


@pytest.mark.parametrize("seconds", [0, 0.01])
async def test_what_takes_too_long_is_cut_off(proxied: Any, draining_of: Any, wire: Any, seconds: float) -> None:
    slow = Slow()
    async with (
        wire.listening(slow.serve) as target,
        proxied(allow, port=target, settings=patient(seconds)) as (_, port),
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASKS)
        await slow.asked.wait()
        draining_of(proxied.master).begin()
        await proxied.master.should_exit.wait()
        slow.go_on.set()
        writer.close()


async def test_the_service_manager_is_to_wait(
    proxied: Any, draining_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        async with proxied(allow, settings=patient(60)):
            draining_of(proxied.master).begin()
            assert manager.recv(100) == b"EXTEND_TIMEOUT_USEC=75000000"
            await proxied.master.should_exit.wait()


async def test_told_twice_it_ends_at_once(proxied: Any, draining_of: Any, wire: Any) -> None:
    slow = Slow()
    async with wire.listening(slow.serve) as target, proxied(allow, port=target, settings=patient(3600)) as (_, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASKS)
        await slow.asked.wait()
        end = draining_of(proxied.master)
        end.told()
        end.begin()  # as by `promptguard drain`, or a supervisor: that is no second time
        assert not proxied.master.should_exit.is_set()
        end.told()
        await proxied.master.should_exit.wait()
        slow.go_on.set()
        writer.close()


@pytest.mark.parametrize(("asked", "ends"), [("before", False), ("since", True)])
async def test_it_ends_where_its_data_folder_says_so_since_it_began(
    asked: str, ends: bool, proxied: Any, draining_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not it is whole yet, which nothing here has told it to be."""
    monkeypatch.setattr(draining, "ASKED_SECONDS", 0.001)
    async with proxied(allow):
        folder = proxied.service.folder
        folder.drain.touch()
        os.utime(folder.drain, (1, 1))
        draining_of(proxied.master)
        if asked == "since":
            os.utime(folder.drain)
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert proxied.master.should_exit.is_set() is ends
