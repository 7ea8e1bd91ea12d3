"""One attack: plant, send, judge by what arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness.client import SECONDS, Answered, Client
from harness.planted import MAKERS, holds
from harness.upstream import Upstream

from promptguard.demo.proxy_process import PromptGuardProcess

type Write = Callable[[str], bytes | Sequence[bytes]]


@dataclass
class Attack:
    """Of the proxy, in front of the service."""

    proxy: PromptGuardProcess
    upstream: Upstream
    values: list[str] = field(default_factory=list)

    @property
    def client(self) -> Client:
        """A raw client of the proxy."""
        return Client(self.proxy.port, self.proxy.authority)

    def plant(self, kind: str) -> str:
        """A value of a kind that must not arrive."""
        self.values.append(MAKERS[kind]())
        return self.values[-1]

    def leaves_not(
        self,
        kind: str,
        write: Write,
        *,
        host: str = "api.openai.com",
        answers: int = 1,
        seconds: float = SECONDS,
    ) -> Answered:
        """Send what `write` makes of a value, and hold that the value did not arrive."""
        answered = self.client.exchange(write(self.plant(kind)), host=host, answers=answers, seconds=seconds)
        self.nothing_arrived(answered)
        return answered

    def nothing_arrived(self, answered: Answered | None = None) -> None:
        """Hold that no planted value is in what the service heard."""
        arrived = self.upstream.everything()
        for value in self.values:
            assert not holds(arrived, value), (
                f"{value} arrived: {arrived[-1500:]!r}\nanswered: {answered.raw[:300] if answered else b''!r}"
            )

    def arrives_whole(self, payload: bytes, *, host: str = "api.openai.com", answers: int = 1) -> Answered:
        """Hold that bytes without findings arrive as they were sent."""
        answered = self.client.exchange(payload, host=host, answers=answers)
        # Asked for where something has been replaced before, so that answers can be read.
        arrived = bytes(self.upstream.wire).replace(b"accept-encoding: identity\r\n", b"")
        assert arrived == payload, f"arrived: {arrived!r}\nanswered: {answered.raw[:600]!r}"
        return answered
