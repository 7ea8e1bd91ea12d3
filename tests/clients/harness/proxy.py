"""The proxy under test, and what clients sent to it."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from promptguard.demo.application import Received
from promptguard.demo.proxy_process import PromptGuardProcess

_TAP = Path(__file__).with_name("tap.py")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, or a WebSocket message, at one end of the proxy."""

    method: str
    """The HTTP method, or `WEBSOCKET` for a message."""
    host: str
    target: str
    """Path and query."""
    body: bytes
    time: float = 0.0
    """Unix time at which it was whole; 0 where it was not taken."""

    @property
    def what(self) -> tuple[str, str, str, bytes]:
        """All but the time."""
        return self.method, self.host, self.target, self.body


def received(request: Received) -> Sent:
    """What the provider received, in the same form."""
    target = f"{request.path}?{request.query}" if request.query else request.path
    return Sent(request.method, request.host.removesuffix(":443"), target, request.body)


class TappedProxy(PromptGuardProcess):
    """`promptguard run`, with everything written down that clients send to AI services."""

    @property
    def command(self) -> Sequence[str]:
        """See `ProxyProcess.command`."""
        command = list(super().command)
        return [sys.executable, str(_TAP), str(self._heard), *command[command.index("run") :]]

    @property
    def sent(self) -> list[Sent]:
        """What clients have sent so far, before PromptGuard saw it."""
        if not self._heard.exists():
            return []
        lines = self._heard.read_bytes().split(b"\n")[:-1]  # what follows the last line's end is still being written
        return [_sent(line) for line in lines]

    @property
    def _heard(self) -> Path:
        return self.data.with_name("heard.jsonl")


def _sent(line: bytes) -> Sent:
    record = json.loads(line)
    body = base64.b64decode(record["body"])
    return Sent(record["method"], record["host"], record["target"], body, record["time"])
