"""The placeholders of a scope, by what is left of them when a model writes them down."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, KeysView, Sequence
from typing import Final

from promptguard.redaction.placeholders import PLACEHOLDER
from promptguard.redaction.type_names import RUNS, names_of

MAX_INDEXES: Final = 64
"""Scopes whose index is kept from one answer to the next."""

_IN_LINES: Final = re.compile(rf"^{PLACEHOLDER.pattern}$", re.MULTILINE)


class Issued(dict[str, str]):
    """Placeholder to original, with an index that is made when it is first asked, and grows when more are added.

    All that were made of one scope share its index: placeholders are keyed hashes, so the first of them names a scope.
    """

    __slots__ = ("_index", "_indexed")

    def __init__(self, originals: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(originals)
        self._indexed = 0
        self._index = _Index()

    @property
    def longest(self) -> int:
        """Words of the longest name of a type."""
        return self._current().longest

    def placeholders(self, code: str) -> Sequence[str]:
        """The placeholders with a code, in capitals. Mostly none, or one; two types may share a code by accident."""
        return [each for name in self._current().types if (each := f"[{name}_{code}]") in self]

    def begins_code(self, text: str) -> bool:
        """Whether a code begins with `text`, in capitals."""
        return _begins(self._current().codes, text)

    def begins_name(self, text: str) -> bool:
        """Whether the name of a type begins with `text`, as `type_names.words_of` it."""
        return _begins(self._current().sorted_names, text)

    def begins_word(self, text: str) -> bool:
        """Whether a word of such a name begins with `text`."""
        return _begins(self._current().sorted_words, text)

    def is_name(self, text: str) -> bool:
        """Whether `text` is the name of a type of a placeholder."""
        return text in self._current().names

    def _current(self) -> _Index:
        if self._indexed != len(self):
            self._indexed = len(self)
            self._index = _index_of(self.keys())
        return self._index


class _Index:
    """Codes and names of types. Holds no original."""

    __slots__ = ("_covered", "codes", "longest", "names", "sorted_names", "sorted_words", "types")

    def __init__(self) -> None:
        self._covered: set[str] = set()
        self.types: list[str] = []
        self.codes: list[str] = []
        """In their order, as the names and words are."""
        self.names: frozenset[str] = frozenset()
        self.longest = 0
        self.sorted_names: list[str] = []
        self.sorted_words: list[str] = []

    def grow(self, placeholders: KeysView[str]) -> bool:
        """Take up those that are new; False, and nothing done, where some are gone."""
        if not self._covered <= placeholders:
            return False
        new = placeholders - self._covered
        if new:
            self._covered |= new
            found = [each[1:-1].rpartition("_") for each in _IN_LINES.findall("\n".join(new))]
            self.codes.extend(code for _, _, code in found)
            self.codes.sort()
            self._add_types({name for name, _, _ in found}.difference(self.types))
        return True

    def _add_types(self, types: Iterable[str]) -> None:
        before = len(self.types)
        self.types += sorted(types)
        if len(self.types) == before:
            return
        self.names = self.names.union(*map(names_of, self.types[before:]))
        self.sorted_names = sorted(self.names)
        self.longest = max((len(RUNS.findall(name)) for name in self.names), default=0)
        self.sorted_words = sorted({word for name in self.names for word in RUNS.findall(name)})


_indexes: Final[OrderedDict[str, _Index]] = OrderedDict()
"""By the first placeholder of a scope; those that were used least recently make room."""


def _index_of(placeholders: KeysView[str]) -> _Index:
    first = next(iter(placeholders))
    index = _indexes.get(first)
    if index is None or not index.grow(placeholders):
        index = _indexes[first] = _Index()
        index.grow(placeholders)
    _indexes.move_to_end(first)
    if len(_indexes) > MAX_INDEXES:
        _indexes.popitem(last=False)
    return index


def _begins(ordered: Sequence[str], text: str) -> bool:
    position = bisect_left(ordered, text)
    return position < len(ordered) and ordered[position].startswith(text)
