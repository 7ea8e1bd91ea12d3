"""Connections on which a service says at any time what was asked for on others: originals come back there, too.

So do MCP's older transport (calls are POSTs, and answers come on `GET /sse`), its listening stream, and chats that hand
an answer over to a connection that is open already. Of a call that is refused, the caller learns there as well.
"""

from __future__ import annotations

from typing import Final, Protocol
from weakref import WeakSet

from promptguard.model import Answer, Restoration, Verdict
from promptguard.proxy.interjections import Interjections
from promptguard.wire.json_rpc import errors_as_events

_ACCEPTED: Final = Answer(202, {"content-type": "text/plain", "cache-control": "no-store"}, b"Accepted")
"""What a call is answered with whose answer is said elsewhere."""


class Expecting(Protocol):
    """What puts originals back on a connection that is open."""

    def expect(self, restoration: Restoration) -> None:
        """From now on, restore these placeholders too."""


class OpenAnswers:
    """All that are open, by scope: nothing is put back but for the same person on the same service."""

    def __init__(self) -> None:
        self._by_scope: dict[str, WeakSet[Expecting]] = {}
        self._sessions: WeakSet[Interjections] = WeakSet()

    def add(self, scope: str, expecting: Expecting) -> None:
        """Keep it until nobody else does: as long as its connection is open."""
        if not self._by_scope.get(scope):
            self._by_scope = {known: those for known, those in self._by_scope.items() if those}
        self._by_scope.setdefault(scope, WeakSet()).add(expecting)

    def tell(self, verdict: Verdict) -> None:
        """Something was replaced in a request: its placeholders may come back anywhere in its scope."""
        if verdict.body is None and verdict.query is None:
            return
        for expecting in list(self._by_scope.get(verdict.scope, ())):
            expecting.expect(verdict.restoration)

    def add_session(self, interjections: Interjections) -> None:
        """Keep a stream in which calls can be answered, until nobody else does."""
        self._sessions.add(interjections)

    def answered(self, scope: str, url: str, answer: Answer) -> Answer:
        """How a call is answered that was refused: by the answer, or in its session's stream if that is open here.

        Args:
            scope: of whom, and of which service.
            url: where the call went, see `EventSession.endpoint`.
            answer: the refusal.
        """
        sessions = [each for each in self._sessions if each.scope == scope and each.session.endpoint == url]
        those = [each for each in sessions if each.session.open]
        events = errors_as_events(answer) if len(those) == 1 else b""  # ids of calls mean nothing in another session
        return _ACCEPTED if events and those[0].say(events) else answer
