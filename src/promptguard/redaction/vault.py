"""The memory of a conversation: which placeholders stand for which values, and which values were blocked in it.

The one place that holds originals. Everything in it belongs to a scope (one conversation of one person, as an opaque
string) and is forgotten after a while.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

PLACEHOLDER_LIFETIME = 24 * 60 * 60.0
"""Seconds for which a placeholder can be restored after it was last issued."""

BLOCKED_LIFETIME = 30 * 24 * 60 * 60.0
"""Seconds for which a blocked value is recognised in the history of its conversation."""


class Vault(ABC):
    """Keeps originals and blocked fingerprints by scope. Must be safe to call from many tasks of one event loop."""

    @abstractmethod
    async def remember(self, scope: str, issued: Mapping[str, str]) -> None:
        """Keep the originals of placeholders issued in a scope, and start their lifetime anew.

        When this returns, `issued` knows them. Originals are text exactly as it stood in the prompt.
        """

    @abstractmethod
    async def issued(self, scope: str) -> Mapping[str, str]:
        """Placeholder to original, for everything issued in a scope that is still remembered.

        The mapping is the caller's own: it does not change with later calls.
        """

    @abstractmethod
    async def remember_blocked(self, scope: str, fingerprints: Iterable[str]) -> None:
        """Keep the fingerprints (`Finding.fingerprint`) of values that were blocked in a scope."""

    @abstractmethod
    async def blocked(self, scope: str) -> frozenset[str]:
        """The fingerprints of values blocked in a scope that are still remembered."""

    @abstractmethod
    async def forget_expired(self) -> None:
        """Delete everything whose lifetime is over. Called now and then; expired entries are never returned anyway."""


class MemoryVault(Vault):
    """A vault that lives and dies with the process: for the library, for tests, and for the demo.

    Holds at most `capacity` entries of either kind. The scopes that were used least recently make room first, and in
    a scope that alone is too large, the entries that were issued least recently.
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
        self._originals = _Shelf[str](capacity, placeholder_lifetime, clock)
        self._blocked = _Shelf[None](capacity, blocked_lifetime, clock)

    async def remember(self, scope: str, issued: Mapping[str, str]) -> None:
        self._originals.put(scope, issued)

    async def issued(self, scope: str) -> Mapping[str, str]:
        return self._originals.get(scope)

    async def remember_blocked(self, scope: str, fingerprints: Iterable[str]) -> None:
        self._blocked.put(scope, dict.fromkeys(fingerprints))

    async def blocked(self, scope: str) -> frozenset[str]:
        return frozenset(self._blocked.get(scope))

    async def forget_expired(self) -> None:
        self._originals.drop_expired()
        self._blocked.drop_expired()


class _Shelf[V]:
    """Values by scope and name, each with the time at which it expires. Least recently used scopes make room first."""

    def __init__(self, capacity: int, lifetime: float, clock: Callable[[], float]) -> None:
        if capacity < 1:
            raise ValueError("the capacity of a vault must be at least 1")
        self._capacity = capacity
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
        while self._size > self._capacity and len(self._scopes) > 1:
            _, dropped = self._scopes.popitem(last=False)
            self._size -= len(dropped)
        while self._size > self._capacity:
            del entries[next(iter(entries))]
            self._size -= 1

    def get(self, scope: str) -> dict[str, V]:
        entries = self._scopes.get(scope)
        if entries is None:
            return {}
        self._scopes.move_to_end(scope)
        now = self._clock()
        return {name: value for name, (expires, value) in entries.items() if expires > now}

    def drop_expired(self) -> None:
        now = self._clock()
        for scope, entries in list(self._scopes.items()):
            expired = [name for name, (expires, _) in entries.items() if expires <= now]
            for name in expired:
                del entries[name]
            self._size -= len(expired)
            if not entries:
                del self._scopes[scope]
