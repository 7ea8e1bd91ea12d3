"""What was read of the vault lately, in memory: as much as a bound allows, the least recently used making room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sized


class ScopeCache[K, V: Sized]:
    """Collections by key. All together hold at most `limit` entries, of which each key counts as one more.

    A key counts because there may be any number of empty collections. A collection that alone is too large stays.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sizes: dict[K, int] = {}
        self._values: OrderedDict[K, V] = OrderedDict()
        self._size = 0

    def get(self, key: K) -> V | None:
        """What is in memory, which then counts as used just now."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Keep a collection, or count one anew that has changed."""
        self.drop(key)
        self._values[key] = value
        self._sizes[key] = len(value) + 1
        self._size += self._sizes[key]
        while self._size > self._limit and len(self._values) > 1:
            self.drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Forget a collection, if it is there."""
        if self._values.pop(key, None) is not None:
            self._size -= self._sizes.pop(key)

    def snapshot(self) -> list[K]:
        """The keys, as they are now."""
        return list(self._values)

    def peek(self, key: K) -> V | None:
        """As `get`, without counting as use."""
        return self._values.get(key)
