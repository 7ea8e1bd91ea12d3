"""The placeholders of a scope, by what is left of them when a model writes them down."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from promptguard.model import DataClass, Original, Restoration
from promptguard.redaction.recall_tree import OriginalsTree
from promptguard.redaction.scope_originals import Part, ScopeOriginals
from promptguard.redaction.type_names import RUNS, names_of

_ALL: Final = 2**63
"""More than any scope has: what is added later is seen too."""


class Issued(Mapping[str, str]):
    """Placeholder to original. Of parts that others have too, and of what was added here.

    To make one, or another like it, takes no longer where a scope has many placeholders.
    """

    __slots__ = ("_own", "_parts")

    def __init__(self, originals: Iterable[tuple[str, str]] = (), parts: Iterable[Part] = ()) -> None:
        self._parts = list(parts)
        self._own: ScopeOriginals | None = None
        self._add(originals)

    @classmethod
    def of(cls, originals: Mapping[str, str]) -> Self:
        """The same originals; what is added to the one later is not in the other."""
        if not isinstance(originals, Issued):
            return cls(originals.items())
        return cls(parts=(each._replace(size=min(each.size, len(each.scope))) for each in originals._parts))

    def update(self, originals: Mapping[str, str]) -> None:
        """Add what was issued since."""
        if not isinstance(originals, Issued):
            self._add(originals.items())
            return
        for part in Issued.of(originals)._parts:
            self._join(part)

    def _join(self, part: Part) -> None:
        for index, known in enumerate(self._parts):
            if known.scope is part.scope:
                self._parts[index] = Part(known.scope, max(known.size, part.size), min(known.now, part.now))
                return
        self._parts.append(part)

    def _add(self, originals: Iterable[tuple[str, str]]) -> None:
        for placeholder, text in originals:
            if self._own is None:
                self._own = ScopeOriginals()
                self._parts.append(Part(self._own, _ALL))
            # Nobody asks for the class of what is put back.
            self._own.put(placeholder, Original(text, DataClass.PERSONAL_DATA))

    def __getitem__(self, placeholder: str) -> str:
        for part in reversed(self._parts):  # what was added last counts
            held = part.held(placeholder)
            if held is not None:
                return held.original.text
        raise KeyError("no such placeholder")  # without it: what was asked for may be any text

    def __contains__(self, placeholder: object) -> bool:
        return isinstance(placeholder, str) and any(part.held(placeholder) is not None for part in self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(placeholder for part in self._parts for placeholder in part.all()))

    def __len__(self) -> int:
        """Goes through all of them."""
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(part.has_any for part in self._parts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} placeholders)"

    def has_original(self, text: str) -> bool:
        """Whether a text is what some placeholder stands for."""
        return any(
            held is not None and held.original.text == text
            for part in self._parts
            for held in map(part.held, part.scope.placeholders_of(text))
        )

    def trees(self) -> Sequence[OriginalsTree]:
        """The originals by their tokens, and others that are not seen here."""
        return [part.scope.tree() for part in self._parts]

    @property
    def longest(self) -> int:
        """Words of the longest name of a type."""
        return self._vocabulary().longest

    def placeholders(self, code: str) -> Sequence[str]:
        """The placeholders with a code, in capitals. Mostly none, or one; two types may share a code by accident."""
        found = [each for part in self._parts for each in part.scope.with_code(code) if part.held(each) is not None]
        return found if len(found) < 2 else list(dict.fromkeys(found))

    def begins_code(self, text: str) -> bool:
        """Whether a code begins with `text`, in capitals."""
        return any(part.begins_code(text) for part in self._parts)

    def begins_name(self, text: str) -> bool:
        """Whether the name of a type begins with `text`, as `type_names.words_of` it."""
        return _begins(self._vocabulary().sorted_names, text)

    def begins_word(self, text: str) -> bool:
        """Whether a word of such a name begins with `text`."""
        return _begins(self._vocabulary().sorted_words, text)

    def is_name(self, text: str) -> bool:
        """Whether `text` is the name of a type of a placeholder."""
        return text in self._vocabulary().names

    def _vocabulary(self) -> _Vocabulary:
        if len(self._parts) == 1:
            return _vocabulary_of(self._parts[0].scope.types())
        return _vocabulary_of(frozenset[str]().union(*(part.scope.types() for part in self._parts)))


def joined(restoration: Restoration, more: Restoration) -> Restoration:
    """Both together: what another request of the same scope lets be put back too."""
    issued = Issued.of(restoration.originals)
    issued.update(more.originals)
    return Restoration(issued)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The names of some types, and the words in them; in their order."""

    names: frozenset[str]
    sorted_names: Sequence[str]
    sorted_words: Sequence[str]
    longest: int


@lru_cache(maxsize=256)
def _vocabulary_of(types: frozenset[str]) -> _Vocabulary:
    names = frozenset[str]().union(*map(names_of, types))
    words = {name: RUNS.findall(name) for name in names}
    return _Vocabulary(
        names=names,
        sorted_names=sorted(names),
        sorted_words=sorted({word for each in words.values() for word in each}),
        longest=max(map(len, words.values()), default=0),
    )


def _begins(ordered: Sequence[str], text: str) -> bool:
    position = bisect_left(ordered, text)
    return position < len(ordered) and ordered[position].startswith(text)
