"""Connections on which a service says at any time what was asked for on others: originals come back there, too.

So do MCP's older transport (calls are POSTs, and answers come on `GET /sse`), its listening stream, and chats that hand
an answer over to a connection that is open already.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet

from promptguard.model import Restoration, Verdict


class Expecting(Protocol):
    """What puts originals back on a connection that is open."""

    def expect(self, restoration: Restoration) -> None:
        """From now on, restore these placeholders too."""


class OpenAnswers:
    """All that are open, by scope: nothing is put back but for the same person on the same service."""

    def __init__(self) -> None:
        self._by_scope: dict[str, WeakSet[Expecting]] = {}

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
