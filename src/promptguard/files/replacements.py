"""What is to stand in a file's texts instead, and whether that is what came of writing it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final
from urllib.parse import quote

from promptguard.model import Edit

type Text = tuple[str, str]
"""The label and the text of one piece of a file, as its reader gives them."""

MIN_TELLING: Final = 4
"""Characters of the shortest value that is looked for beside the place in which it was found."""

_TELLING: Final = re.compile(r"\d|[^\W_][^\w\s'’-][^\W_]|\w\s+\w")
"""What tells a value from a word of the format: a digit, a sign within it, a second word."""

_MAX_FORKS: Final = 40
"""Groups within each other, in a pattern that finds values, of those that begin alike."""

_WHITE_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Replacements:
    """The edits of one file, by the text that they are made in. Equal texts have the same ones."""

    by_text: Mapping[str, Sequence[Edit]]

    @classmethod
    def of(cls, texts: Sequence[Text], edits: Mapping[int, Sequence[Edit]]) -> Replacements:
        """Edits that are given by the number of the text."""
        by_text: dict[str, list[Edit]] = {}
        for number, made in edits.items():
            by_text.setdefault(texts[number][1], []).extend(made)
        return cls({text: _apart(made) for text, made in by_text.items()})

    def values(self, texts: Iterable[str] | None = None) -> dict[str, str]:
        """What stands for each value that is replaced, in these texts or in all."""
        chosen = self.by_text if texts is None else [text for text in texts if text in self.by_text]
        return {
            text[edit.start : edit.end]: edit.text
            for text in chosen
            for edit in self.by_text[text]
            if edit.end - edit.start >= MIN_TELLING
        }

    @cached_property
    def telling(self) -> dict[str, str]:
        """Those of the values that are no words of a format: they are replaced wherever a file repeats them."""
        return {value: text for value, text in self.values().items() if _TELLING.search(value)}

    def hold(self, before: Sequence[Text], after: Sequence[Text]) -> bool:
        """Whether the texts of the file that was written are those of the one that came, with every edit made.

        Beyond them, a value may be replaced wherever else it stands. White space does not count: what joined the
        pieces of a value (cells, paragraphs) stays.
        """
        if list(after) == [(label, replaced(text, self.by_text.get(text, ()))) for label, text in before]:
            return True
        values = self.values()
        pattern = values_pattern(values)
        return len(before) == len(after) and all(
            label == written_label and _holds(text, written, self.by_text.get(text, ()), values, pattern)
            for (label, text), (written_label, written) in zip(before, after, strict=True)
        )


def values_pattern(values: Mapping[str, str]) -> re.Pattern[str] | None:
    """Finds values as whole words, the longest first; None where there are none.

    In headers of sheets, a code such as `&C` may stand right before one (ECMA-376 part 1, 18.3.1.46).
    """
    return _pattern(tuple(sorted(values))) if values else None


@lru_cache(maxsize=4)
def _pattern(values: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern in which what values begin with stands once: thousands of them take no longer than a few."""
    words = [value for value in values if value[0].isalnum()]
    others = [value for value in values if not value[0].isalnum()]
    found = []
    if words:
        found.append(r"(?:(?<!\w)|(?<=&[A-Z]))" + _any_of(words, 0))
    if others:
        found.append(_any_of(others, 0))
    return re.compile("|".join(found))


def _any_of(values: Sequence[str], start: int, depth: int = 0) -> str:
    """A pattern for what follows `start` in sorted values that are equal up to there."""
    if len(values) == 1 or depth == _MAX_FORKS:
        return "(?:" + "|".join(_whole(value, start) for value in reversed(values)) + ")"
    fork = _common(values[0], values[-1])
    branches = [
        _any_of(list(each), fork, depth + 1) for _, each in groupby(values, lambda value: value[fork : fork + 1])
    ]
    return re.escape(values[0][start:fork]) + "(?:" + "|".join(reversed(branches)) + ")"


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _whole(value: str, start: int) -> str:
    return re.escape(value[start:]) + (r"(?!\w)" if value[-1].isalnum() else "")


def replaced(text: str, edits: Sequence[Edit]) -> str:
    """A text with its edits made, which are in order and do not overlap."""
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join((*pieces, text[position:]))


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """In order, each once."""
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if not found or edit.start >= found[-1].end:
            found.append(edit)
    return found


def _holds(
    text: str, written: str, edits: Sequence[Edit], values: Mapping[str, str], pattern: re.Pattern[str] | None
) -> bool:
    """Whether a text was written with its edits; other values in it may be replaced or not."""
    if not edits and text == written:
        return True
    position = 0
    left = _compact(written)
    for piece, stands, must in _pieces(text, edits, values, pattern):
        choices = [stands, quote(stands), f'"{stands}"'] if stands else []
        if not must or not stands:
            choices.append(piece)
        found = next((choice for choice in map(_compact, choices) if left.startswith(choice, position)), None)
        if found is None:
            return False
        position += len(found)
        while must and "-" in piece and left.startswith("-", position):  # hyphens that are elements of their own
            position += 1
    return position == len(left)


type _Piece = tuple[str, str, bool]
"""What stood there, what may stand there instead, and whether it has to."""


def _pieces(
    text: str, edits: Sequence[Edit], values: Mapping[str, str], pattern: re.Pattern[str] | None
) -> Iterable[_Piece]:
    position = 0
    for edit in (*edits, Edit(len(text), len(text), "")):
        between = text[position : edit.start]
        start = 0
        for match in pattern.finditer(between) if pattern else ():
            yield between[start : match.start()], "", False
            yield match[0], values[match[0]], False
            start = match.end()
        yield between[start:], "", False
        if edit.end > edit.start:
            yield text[edit.start : edit.end], edit.text, True
        position = edit.end


def _compact(text: str) -> str:
    return _WHITE_SPACE.sub("", text)
