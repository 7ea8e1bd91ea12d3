"""Full names that the lists know, whatever the model says: it overlooks some, and takes some for addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from promptguard.detectors.names.evidence import PARTICLES
from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.rampart import Word
from promptguard.detectors.reference.gazetteer import gazetteer

LISTED: Final = 0.75
"""How sure a listed full name is."""

_PART_OF_ADDRESS: Final = 0.5
"""A word that the model is so sure of is of an address, and so are the words beside it: `Carlos Gomez Street`."""

_BETWEEN = re.compile(r"[ \u00a0]{1,2}|-|\.[ ]?|['’]")
"""What stands between the words of a name on one line."""
_INITIAL = re.compile(r"[A-Z]\.?")
_SHORTEST_SURNAME = 3


def with_listed_names(text: str, words: Sequence[Word]) -> list[Word]:
    """`words`, with those of listed full names judged to be of persons.

    A full name is a given name and a surname, both with capitals, with initials and particles between them: `Jane Roe`,
    `Jane K. van der Roe`. Places (`Sierra Leone`) and parts of addresses are none.
    """
    judged = list(words)
    index = 0
    while index < len(words):
        end = _full_name(text, words, index)
        if end and not _is_place(text, words, index, end):
            for number in range(index, end):
                word = judged[number]
                judged[number] = replace(word, person=max(word.person, LISTED), location=0.0)
        index = max(end, index + 1)
    return judged


def _full_name(text: str, words: Sequence[Word], start: int) -> int:
    """The index after the last word of the full name that starts at `start`; 0 where none does."""
    lists = lexicon()
    if not _is_name(text, words[start], lists.given_names):
        return 0
    end = 0
    for index in _adjoining(text, words, start):
        written = text[words[index].start : words[index].end]
        if _is_name(text, words[index], lists.surnames) and len(written) >= _SHORTEST_SURNAME:
            end = index + 1
        elif not (
            _is_name(text, words[index], lists.given_names)
            or _INITIAL.fullmatch(written)
            or written.lower() in PARTICLES
            or not written.isalnum()
        ):
            break
    return end


def _adjoining(text: str, words: Sequence[Word], start: int) -> Iterator[int]:
    """Indexes of the words that stand after `start` on the same line with nothing but spaces and the like between."""
    for index in range(start + 1, min(start + 8, len(words))):
        gap = text[words[index - 1].end : words[index].start]
        if gap and not _BETWEEN.fullmatch(gap):
            return
        if not text[words[index].start].isalnum() and not _BETWEEN.fullmatch(
            text[words[index].start : words[index].end]
        ):
            return
        yield index


def _is_name(text: str, word: Word, names: frozenset[str]) -> bool:
    written = text[word.start : word.end]
    lowered = written.lower()
    return written[0].isupper() and lowered in names and lowered not in lexicon().common_words


def _is_place(text: str, words: Sequence[Word], start: int, end: int) -> bool:
    place = gazetteer().at(text, words[start].start)
    if place is not None and place.end >= words[end - 1].end:
        return True
    return any(
        0 <= index < len(words)
        and words[index].location >= _PART_OF_ADDRESS
        and text[min(at, words[index].end) : max(at, words[index].start)].strip(" \u00a0") == ""
        for index, at in ((start - 1, words[start].start), (end, words[end - 1].end))
    )
