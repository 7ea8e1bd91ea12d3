"""Lines in which an expression may match, by letters that each of its matches has: most texts have none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import regex

type Expression = re.Pattern[str] | regex.Pattern[str]

_MAX_LINES_APART: Final = 2_000
"""Lines of a text that are looked at one by one; one of more is looked at as a whole."""


class Hint(Protocol):
    """Tells whether an expression may match."""

    def __call__(self, line: str) -> bool:
        """False where it matches nowhere in `line`."""

    def within(self, text: str) -> Hint | None:
        """What tells it of lines of `text`; None where it matches in none of them."""


class _AnyOf:
    def __init__(self, stems: Sequence[str]) -> None:
        self._stems = stems

    def __call__(self, line: str) -> bool:
        lowered = line.lower()
        return any(stem in lowered for stem in self._stems)

    def within(self, text: str) -> Hint | None:
        """Lines are asked only for those of the strings that stand in the text, which are few."""
        lowered = text.lower()
        found = [stem for stem in self._stems if stem in lowered]
        return _AnyOf(found) if found else None


class _Where:
    def __init__(self, expression: re.Pattern[str]) -> None:
        self._search = expression.search

    def __call__(self, line: str) -> bool:
        return self._search(line) is not None

    def within(self, text: str) -> Hint | None:
        return self if self(text) else None


def any_of(stems: Sequence[str]) -> Hint:
    """For an expression that matches nowhere without one of these strings, in lower case."""
    return _AnyOf(stems)


def where(expression: re.Pattern[str]) -> Hint:
    """For an expression that matches nowhere where another one, which is quicker, does not."""
    return _Where(expression)


def matches(expression: Expression, text: str, hint: Hint) -> Iterator[re.Match[str]]:
    """All matches of an expression whose matches have no line break in them, but may look at one beside them."""
    told = hint.within(text)
    if told is None:
        return
    if text.count("\n") > _MAX_LINES_APART:
        yield from expression.finditer(text)
        return
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if told(line):
            yield from expression.finditer(text, start, end)
        start = end + 1
