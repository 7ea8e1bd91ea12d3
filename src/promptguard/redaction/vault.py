"""The memory of a scope: which placeholders stand for which values, and which values and texts are marked in it.

The one place that holds originals. Everything in it belongs to a scope (one person at one service, as an opaque
string) and is forgotten after a while.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping

from promptguard.model import Mark, Original
from promptguard.redaction.known import Known

PLACEHOLDER_LIFETIME = 24 * 60 * 60.0
"""Seconds for which a placeholder can be restored after it was last issued."""

BLOCKED_LIFETIME = 30 * 24 * 60 * 60.0
"""Seconds for which what was blocked or refused is recognised in the history of its conversation."""

SERVICE_LIFETIME = 30 * 24 * 60 * 60.0
"""Seconds for which is recognised what the service itself sent: sealed strings, and lines of answers."""

DECLARED_LIFETIME = 24 * 60 * 60.0
"""Seconds for which is remembered how long a file is to be that was announced: signed addresses hold no longer."""

MAX_BLOCKED = 1_000
"""Blocked values of one scope that are looked for in its texts."""

MAX_MARKS_PER_SCOPE = 50_000
"""Hashes that one scope keeps with one mark; those marked longest ago make room."""

MAX_MARK_HASH = 128
"""Characters of a hash that is marked."""


def mark_lifetime(mark: Mark, blocked_lifetime: float = BLOCKED_LIFETIME) -> float:
    """Seconds for which a mark is kept."""
    if mark is Mark.DECLARED:
        return DECLARED_LIFETIME
    return blocked_lifetime if mark in (Mark.BLOCKED, Mark.REFUSED) else SERVICE_LIFETIME


class Vault(ABC):
    """Keeps originals and marks by scope. Must be safe to call from many tasks of one event loop."""

    @abstractmethod
    async def remember(self, scope: str, issued: Mapping[str, Original]) -> None:
        """Keep the originals of placeholders issued in a scope, and start their lifetime anew.

        When this returns, `issued` knows them, in other processes that share the vault too. Originals are text exactly
        as it stood in the prompt.
        """

    @abstractmethod
    async def issued(self, scope: str) -> Known:
        """Placeholder to original, for everything issued in a scope that is still remembered.

        What is issued later is not in it.
        """

    @abstractmethod
    async def blocked(self, scope: str) -> frozenset[str]:
        """The newest `MAX_BLOCKED` hashes marked `Mark.BLOCKED` in a scope. Cheap to ask for each request."""

    @abstractmethod
    async def remember_marks(self, scope: str, mark: Mark, hashes: Iterable[str]) -> None:
        """Mark values or texts in a scope, by their keyed hashes, and start the lifetime of these marks anew.

        Args:
            hashes: opaque, up to `MAX_MARK_HASH` characters each. For `Mark.BLOCKED` they are `Finding.fingerprint`.
        """

    @abstractmethod
    async def marked(self, scope: str, mark: Mark, hashes: Collection[str]) -> frozenset[str]:
        """Those of the given hashes that have this mark in the scope. Ask about candidates only."""

    @abstractmethod
    async def forget_expired(self) -> None:
        """Delete everything whose lifetime is over. Called now and then; expired entries are never returned anyway."""

    @abstractmethod
    def close(self) -> None:
        """Finish what is being written. May block."""


class MemoryVault(Vault):
    """A vault that lives and dies with the process: for the library, for tests, and for the demo.

    Holds at most `capacity` originals, and as many of each mark. The scopes that were used least recently make room
    first, and in a scope that alone is too large, the entries that were issued least recently.
    """

    def __init__(
        self,
        *,
        capacity: int = 100_000,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Lifetimes are in seconds, and so is what `clock` returns."""
        self._originals = _Shelf[Original](capacity, capacity, placeholder_lifetime, clock)
        self._marks = {
            mark: _Shelf[None](capacity, MAX_MARKS_PER_SCOPE, mark_lifetime(mark, blocked_lifetime), clock)
            for mark in Mark
        }

    async def remember(self, scope: str, issued: Mapping[str, Original]) -> None:
        self._originals.put(scope, issued)

    async def issued(self, scope: str) -> Known:
        return Known.of(self._originals.get(scope))

    async def blocked(self, scope: str) -> frozenset[str]:
        return frozenset(list(self._marks[Mark.BLOCKED].get(scope))[-MAX_BLOCKED:])

    async def remember_marks(self, scope: str, mark: Mark, hashes: Iterable[str]) -> None:
        self._marks[mark].put(scope, dict.fromkeys(hashes))

    async def marked(self, scope: str, mark: Mark, hashes: Collection[str]) -> frozenset[str]:
        return frozenset(self._marks[mark].get(scope, hashes))

    async def forget_expired(self) -> None:
        self._originals.drop_expired()
        for shelf in self._marks.values():
            shelf.drop_expired()

    def close(self) -> None:
        """Nothing is being written."""


class _Shelf[V]:
    """Values by scope and name, each with the time at which it expires. Least recently used scopes make room first."""

    def __init__(self, capacity: int, per_scope: int, lifetime: float, clock: Callable[[], float]) -> None:
        if capacity < 1:
            raise ValueError("the capacity of a vault must be at least 1")
        self._capacity = capacity
        self._per_scope = min(per_scope, capacity)
        self._lifetime = lifetime
        self._clock = clock
        self._scopes: OrderedDict[str, dict[str, tuple[float, V]]] = OrderedDict()
        self._size = 0

    def put(self, scope: str, values: Mapping[str, V]) -> None:
        if not values:
            return
        expires = self._clock() + self._lifetime
        entries = self._scopes.setdefault(scope, {})
        self._scopes.move_to_end(scope)
        for name, value in values.items():
            if entries.pop(name, None) is None:
                self._size += 1
            entries[name] = (expires, value)  # at the end: a scope's entries stay in the order of their expiry
        while len(entries) > self._per_scope:
            del entries[next(iter(entries))]
            self._size -= 1
        while self._size > self._capacity:
            _, dropped = self._scopes.popitem(last=False)
            self._size -= len(dropped)

    def get(self, scope: str, names: Iterable[str] | None = None) -> dict[str, V]:
        """What is known of these names; of all where none are given."""
        entries = self._scopes.get(scope)
        if entries is None:
            return {}
        self._scopes.move_to_end(scope)
        now = self._clock()
        wanted = entries if names is None else [name for name in names if name in entries]
        return {name: entries[name][1] for name in wanted if entries[name][0] > now}

    def drop_expired(self) -> None:
        now = self._clock()
        for scope, entries in list(self._scopes.items()):
            expired = [name for name, (expires, _) in entries.items() if expires <= now]
            for name in expired:
                del entries[name]
            self._size -= len(expired)
            if not entries:
                del self._scopes[scope]
