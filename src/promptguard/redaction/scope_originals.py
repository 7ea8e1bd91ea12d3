"""What was issued in one scope: grows with each placeholder, and is asked without going through all of them.

A scope may have tens of thousands of placeholders, and each request and each answer asks for its own few. So there is
one collection a scope, with indexes that take up what is new; what one request sees of it is a `Part`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Final, NamedTuple

from promptguard.model import Original
from promptguard.redaction.placeholders import PLACEHOLDER
from promptguard.redaction.recall_tree import OriginalsTree

FOREVER: Final = float("inf")

_FEW: Final = 64
"""New codes that are put in their places one by one; more are sorted with all others."""


class Held(NamedTuple):
    """An original, and since and until when it is known."""

    number: int
    """How many the scope had before it."""
    original: Original
    expires: float
    """By the clock of whoever keeps it."""


class ScopeOriginals:
    """Placeholder to original of one scope. Grows only; what expires, or is gone, is not seen any more."""

    __slots__ = (
        "_by_text",
        "_codes",
        "_in_codes",
        "_in_texts",
        "_in_tree",
        "_lock",
        "_log",
        "_sorted",
        "_tree",
        "_types",
        "entries",
        "latest",
    )

    def __init__(self, originals: Mapping[str, Original] | None = None, expires: float = FOREVER) -> None:
        self.entries: dict[str, Held] = {}
        self.latest = -FOREVER
        """When the last one of them expires."""
        self._log: list[str] = []
        """The placeholders in the order in which they came: how far an index has come is a position in it."""
        self._codes: dict[str, tuple[str, ...]] = {}
        """Code to the placeholders that have it."""
        self._sorted: list[str] = []
        """The codes in their order."""
        self._types: frozenset[str] = frozenset()
        self._by_text: dict[str, tuple[str, ...]] = {}
        self._tree = OriginalsTree()
        self._in_codes = self._in_texts = self._in_tree = 0
        self._lock = Lock()
        """Held by the thread that takes up what is new in an index: long texts are looked through in another one."""
        for placeholder, original in (originals or {}).items():
            self.put(placeholder, original, expires)

    def __len__(self) -> int:
        return len(self._log)

    def put(self, placeholder: str, original: Original, expires: float = FOREVER) -> None:
        """Take up what was issued, or issued again."""
        known = self.entries.get(placeholder)
        if known is None or known.original.text != original.text:
            number = len(self._log) if known is None else known.number
            self._log.append(placeholder)
        else:
            number = known.number
        self.entries[placeholder] = Held(number, original, expires)
        self.latest = max(self.latest, expires)

    def forget(self, placeholder: str) -> None:
        """Let nobody see what a placeholder stood for."""
        known = self.entries.get(placeholder)
        if known is not None:
            self.entries[placeholder] = known._replace(expires=-FOREVER)

    def index(self) -> None:
        """Take up in all indexes what is new, which they else do when they are asked. May run in another thread while
        nobody else has the collection."""
        self.codes()
        self.placeholders_of("")
        self.tree()

    def types(self) -> frozenset[str]:
        """The types that placeholders name."""
        self.codes()
        return self._types

    def with_code(self, code: str) -> Sequence[str]:
        """The placeholders with a code, in capitals."""
        self.codes()
        return self._codes.get(code, ())

    def codes(self) -> Sequence[str]:
        """All codes, in their order."""
        if self._in_codes < len(self._log):
            with self._lock:
                new = self._log[self._in_codes :]
                fresh = [code for placeholder in new if (code := self._take_code(placeholder))]
                if len(fresh) > _FEW:
                    self._sorted = sorted(self._codes)
                else:
                    for code in fresh:
                        insort(self._sorted, code)
                self._in_codes += len(new)
        return self._sorted

    def _take_code(self, placeholder: str) -> str:
        """A code that no other placeholder had; empty where there is none."""
        if not PLACEHOLDER.fullmatch(placeholder):
            return ""
        name, _, code = placeholder[1:-1].rpartition("_")
        if name not in self._types:
            self._types |= {name}
        known = self._codes.get(code)
        if known is None:
            self._codes[code] = (placeholder,)
            return code
        if placeholder not in known:
            self._codes[code] = (*known, placeholder)
        return ""

    def placeholders_of(self, text: str) -> Sequence[str]:
        """The placeholders that stand for a text, or once did."""
        if self._in_texts < len(self._log):
            with self._lock:
                new = self._log[self._in_texts :]
                for placeholder in new:
                    original = self.entries[placeholder].original.text
                    self._by_text[original] = (*self._by_text.get(original, ()), placeholder)
                self._in_texts += len(new)
        return self._by_text.get(text, ())

    def tree(self) -> OriginalsTree:
        """The originals by their tokens."""
        if self._in_tree < len(self._log):
            with self._lock:
                new = self._log[self._in_tree :]
                for placeholder in new:
                    self._tree.add(placeholder, self.entries[placeholder].original.text)
                self._in_tree += len(new)
        return self._tree


class Part(NamedTuple):
    """What of a scope is seen: what it had at some moment and has not expired since."""

    scope: ScopeOriginals
    size: int
    """How many it had then."""
    now: float = -FOREVER
    """What expires at this time or before is not seen."""

    def held(self, placeholder: str) -> Held | None:
        """What a placeholder stands for."""
        held = self.scope.entries.get(placeholder)
        return held if held is not None and held.number < self.size and held.expires > self.now else None

    @property
    def has_any(self) -> bool:
        """Whether there may be any. What has expired may count, until it is gone."""
        return bool(self.size and self.scope.entries) and self.scope.latest > self.now

    def all(self) -> Iterator[str]:
        """All placeholders, however many they are."""
        return (
            placeholder
            for placeholder, held in list(self.scope.entries.items())
            if held.number < self.size and held.expires > self.now
        )

    def begins_code(self, text: str) -> bool:
        """Whether a code begins with `text`."""
        codes = self.scope.codes()
        position = bisect_left(codes, text)
        while position < len(codes) and codes[position].startswith(text):
            if any(self.held(each) for each in self.scope.with_code(codes[position])):
                return True
            position += 1
        return False
