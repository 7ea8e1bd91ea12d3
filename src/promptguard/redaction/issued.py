"""The placeholders of a scope, by what is left of them when a model writes them down."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from promptguard.redaction.placeholders import PLACEHOLDER, type_of
from promptguard.redaction.type_names import RUNS, names_of


class Issued(dict[str, str]):
    """Placeholder to original, with an index that is made when it is first asked, and again after more were added."""

    __slots__ = ("_codes", "_indexed", "_longest", "_names", "_sorted_codes", "_sorted_names", "_sorted_words")

    def __init__(self, originals: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(originals)
        self._indexed = 0
        self._longest = 0
        self._codes: dict[str, list[str]] = {}
        self._names: frozenset[str] = frozenset()
        self._sorted_codes: list[str] = []
        self._sorted_names: list[str] = []
        self._sorted_words: list[str] = []

    @property
    def longest(self) -> int:
        """Words of the longest name of a type."""
        self._index()
        return self._longest

    def placeholders(self, code: str) -> Sequence[str]:
        """The placeholders with a code, in capitals. Mostly none, or one; two types may share a code by accident."""
        self._index()
        return self._codes.get(code, ())

    def begins_code(self, text: str) -> bool:
        """Whether a code begins with `text`, in capitals."""
        self._index()
        return _begins(self._sorted_codes, text)

    def begins_name(self, text: str) -> bool:
        """Whether the name of a type begins with `text`, as `type_names.words_of` it."""
        self._index()
        return _begins(self._sorted_names, text)

    def begins_word(self, text: str) -> bool:
        """Whether a word of such a name begins with `text`."""
        self._index()
        return _begins(self._sorted_words, text)

    def is_name(self, text: str) -> bool:
        """Whether `text` is the name of a type of a placeholder."""
        self._index()
        return text in self._names

    def _index(self) -> None:
        if self._indexed == len(self):
            return
        self._indexed = len(self)
        self._codes = {}
        types = set()
        for placeholder in self:
            if PLACEHOLDER.fullmatch(placeholder):
                self._codes.setdefault(placeholder[1:-1].rpartition("_")[2], []).append(placeholder)
                types.add(type_of(placeholder))
        self._names = frozenset().union(*map(names_of, types))
        self._sorted_codes = sorted(self._codes)
        self._sorted_names = sorted(self._names)
        self._longest = max((len(RUNS.findall(name)) for name in self._names), default=0)
        self._sorted_words = sorted({word for name in self._names for word in RUNS.findall(name)})


def _begins(ordered: Sequence[str], text: str) -> bool:
    position = bisect_left(ordered, text)
    return position < len(ordered) and ordered[position].startswith(text)
