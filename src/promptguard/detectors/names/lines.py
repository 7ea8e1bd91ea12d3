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
    """Tells whether an expression may match in a text."""

    def __call__(self, text: str) -> bool:
        """False where it matches nowhere in `text`."""


def any_of(stems: Sequence[str]) -> Hint:
    """For an expression that matches nowhere without one of these strings, in lower case."""

    def hint(text: str) -> bool:
        lowered = text.lower()
        return any(stem in lowered for stem in stems)

    return hint


def where(expression: re.Pattern[str]) -> Hint:
    """For an expression that matches nowhere where another one, which is quicker, does not."""
    return lambda text: expression.search(text) is not None


def matches(expression: Expression, text: str, hint: Hint) -> Iterator[re.Match[str]]:
    """All matches of an expression whose matches have no line break in them, but may look at one beside them."""
    if not hint(text):
        return
    if text.count("\n") > _MAX_LINES_APART:
        yield from expression.finditer(text)
        return
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if hint(line):
            yield from expression.finditer(text, start, end)
        start = end + 1
