"""Texts of an answer that a client may join: what came before one, as it was shown.

A service may end a text and go on with it later, or send several texts whole, one after the other. Clients that add
texts up show them as one, and only all of it says what a value in it would be.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from promptguard.redaction.rendering.json_source import JsonRendering
from promptguard.redaction.rendering.text import Rendering

MAX_ENDED: Final = 256
"""Texts of an answer that have ended and are remembered with what they left open."""

MAX_FORGOTTEN: Final = 65_536
"""Further ones of which it is known that they were there; then nothing that begins is restored any more."""

MAX_DANGLING: Final = 8
"""Readings of texts that ended within a link or the like; behind more, nothing that begins is restored."""

MAX_CHAINS: Final = 256
"""Kinds of strings that are followed; behind more, nothing is restored in strings of any other kind."""

_MAX_WAITING: Final = 65_536
"""Characters of a chain that wait to be read: most are never asked about."""

Readings = tuple[Rendering | JsonRendering, ...]
"""What different clients make of a text."""


def copies(readings: Readings) -> Readings:
    """Readings that go on from here by themselves."""
    return tuple(reading.copy() for reading in readings)


class Ended:
    """The texts of an answer that have ended, by their keys."""

    __slots__ = ("_forgotten", "_texts")

    def __init__(self) -> None:
        self._texts: dict[Hashable, Readings] = {}
        self._forgotten: set[int] = set()

    def add(self, key: Hashable, readings: Readings) -> None:
        """Remember a text that ends."""
        self._texts.pop(key, None)
        self._texts[key] = readings
        if len(self._texts) > MAX_ENDED:
            oldest = next(iter(self._texts))
            del self._texts[oldest]
            if len(self._forgotten) < MAX_FORGOTTEN:
                self._forgotten.add(hash(oldest))

    def before(self, key: Hashable) -> Readings | None:
        """What a text that begins may go on with; None if nobody knows that any more."""
        if key in self._texts:
            return copies(self._texts[key])
        return None if len(self._forgotten) == MAX_FORGOTTEN or hash(key) in self._forgotten else ()


class Dangling:
    """Texts that have ended within a link, a tag or the like: clients may take any text that begins for the rest."""

    __slots__ = ("_ended", "_ends", "_full", "_said")

    def __init__(self) -> None:
        self._ended: list[tuple[Readings, str]] = []
        """Texts that are looked at when something begins: behind most of them, nothing does."""
        self._ends: list[Rendering | JsonRendering] = []
        self._said: set[str] = set()
        self._full = False

    def add(self, readings: Readings, said: str) -> None:
        """Take notice of a text that ends, of which `said` is all that came."""
        self._ended.append((readings, said))
        if len(self._ended) > MAX_DANGLING:
            self._look()

    def before(self) -> Readings | None:
        """What a text that begins may be the rest of; None where there is too much."""
        self._look()
        return None if self._full else copies(tuple(self._ends))

    def repeated_by(self, text: str) -> bool:
        """Whether a text is one of these once more, and so the rest of none."""
        self._look()
        return text in self._said

    def _look(self) -> None:
        for readings, said in self._ended:
            ends = dangling(readings)
            if ends:
                self._said.add(said)
            self._full = self._full or len(self._ends) + len(ends) > MAX_DANGLING
            if not self._full:
                self._ends += ends
        self._ended.clear()


def dangling(readings: Readings) -> Readings:
    """Those to which what comes is part of a link, a tag or the like, even behind a space: bare addresses end there."""
    found = []
    for reading in readings:
        behind = reading.copy()
        behind.advance(" ")
        if behind.inside:
            found.append(reading)
    return tuple(found)


class Chain:
    """Whole strings of one kind, each of which a client may show behind the one before."""

    __slots__ = ("_readings", "_size", "_waiting")

    def __init__(self) -> None:
        self._readings: Readings = ()
        self._waiting: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        """Go on by a string, as it is shown."""
        self._waiting.append(text)
        self._size += len(text)
        if self._size > _MAX_WAITING:
            self._read()

    @property
    def readings(self) -> Readings:
        """What clients may make of all the strings so far."""
        self._read()
        return copies(self._readings)

    def _read(self) -> None:
        text = "".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        if text and not self._readings:
            self._readings = (Rendering(), JsonRendering()) if text.lstrip().startswith("{") else (Rendering(),)
        for reading in self._readings:
            reading.advance(text)


class Chains:
    """The chains of one answer, by the kinds of their strings."""

    __slots__ = ("_chains",)

    def __init__(self) -> None:
        self._chains: dict[Hashable, Chain] = {}

    def of(self, kind: Hashable) -> Chain | None:
        """The chain of a kind; None where there are too many."""
        chain = self._chains.get(kind)
        if chain is None and len(self._chains) < MAX_CHAINS:
            chain = self._chains[kind] = Chain()
        return chain
