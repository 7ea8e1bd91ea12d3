"""Full names that the lists know, whatever the model says: it overlooks some, and takes some for addresses."""

from __future__ import annotations

import calendar
import re
from collections.abc import Container, Iterator, Sequence
from typing import Final

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.thresholds import PARTICLES
from promptguard.detectors.reference.gazetteer import gazetteer

LISTED: Final = 0.75
"""How sure a listed full name is."""
HALF_LISTED: Final = 0.5
"""The same of a listed given name and a word that is in no list, has a capital, and is no place."""

_PART_OF_ADDRESS: Final = 0.5
"""A word that the model is so sure of is of an address, and so are the words beside it: `Carlos Gomez Street`."""

_BETWEEN = re.compile(r"[ \u00a0]{1,2}|-|\.[ ]?|['’]")
"""What stands between the words of a name on one line."""
_INITIAL = re.compile(r"[A-Z]\.?")
_SURNAME = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]{3,}")
_MIN_GIVEN_LENGTH = 4
_CALENDAR = frozenset(
    [
        *calendar.day_name,
        *calendar.month_name,
        "Christmas",
        "Easter",
        "English",
        "German",
        "French",
        "Spanish",
        "Italian",
    ]
)
"""What English writes with a capital, and no list of words has in lower case."""
_GERMAN_WORD = r"\b(?:und|der|die|das|ist|nicht|mit|für|ein|eine|ich|sie|auf|von|zu|im)\b"
_GERMAN = re.compile(rf"{_GERMAN_WORD}[^.]*{_GERMAN_WORD}")
"""German writes all nouns with a capital: there a word after a given name may be anything."""
_MIN_SURNAME_LENGTH = 3


def with_listed_names(text: str, words: Sequence[Word]) -> list[Word]:
    """`words`, with those of listed full names judged to be of persons.

    A full name is a given name and a surname, both with capitals, with initials and particles between them: `Jane Roe`,
    `Jane K. van der Roe`. Places (`Sierra Leone`) and parts of addresses are none.
    """
    given_names = lexicon().given_names
    starts = [
        index for index, word in enumerate(words) if text[word.start].isupper() and _is_name(text, word, given_names)
    ]
    if not starts:
        return list(words)
    judged = list(words)
    nouns_have_capitals = _GERMAN.search(text) is not None
    behind = 0
    for index in starts:
        if index < behind:
            continue
        score, end = LISTED, _full_name(text, words, index)
        if not end and not nouns_have_capitals:
            score, end = HALF_LISTED, _half_listed(text, words, index)
        if end and not _is_place(text, words, index, end):
            for number in range(index, end):
                word = judged[number]
                judged[number] = word._replace(person=max(word.person, score), location=0.0)
        behind = max(behind, end)
    return judged


def _full_name(text: str, words: Sequence[Word], start: int) -> int:
    """The index after the last word of the full name whose listed given name is at `start`; 0 where none is."""
    lists = lexicon()
    end = 0
    for index in _adjoining(text, words, start):
        written = text[words[index].start : words[index].end]
        if _is_name(text, words[index], lists.surnames) and len(written) >= _MIN_SURNAME_LENGTH:
            end = index + 1
        elif not (
            _is_name(text, words[index], lists.given_names)
            or _INITIAL.fullmatch(written)
            or written.lower() in PARTICLES
            or not written.isalnum()
        ):
            break
    return end


def _half_listed(text: str, words: Sequence[Word], start: int) -> int:
    """The index after what can hardly be anything but the surname to the listed given name at `start`; 0 for none."""
    if words[start].end - words[start].start < _MIN_GIVEN_LENGTH:
        return 0
    particle = False
    for index in _adjoining(text, words, start):
        written = text[words[index].start : words[index].end]
        if written.lower() in PARTICLES:
            particle = True
            continue
        # Many families are called after the place they came from: `van Beek`.
        place = not particle and gazetteer().at(text, words[index].start) is not None
        word = written.lower() in lexicon().common_words or written in _CALENDAR
        fits = _SURNAME.fullmatch(written) is not None and not word
        return index + 1 if fits and not place else 0
    return 0


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


def _is_name(text: str, word: Word, names: Container[str]) -> bool:
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
