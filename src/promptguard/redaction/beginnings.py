"""The ends of texts that may be the beginning of a placeholder, in any spelling."""

from __future__ import annotations

import re
from typing import Final

from promptguard.redaction.issued import Issued
from promptguard.redaction.placeholders import ALPHABET, MAX_CODE_LENGTH
from promptguard.redaction.spelling_tokens import (
    GAPS,
    MAX_HELD_LEAD,
    MAX_OPENING,
    MAY_OPEN,
    OUTSIDE,
    SEPARATORS,
    WITHIN,
    brackets_in,
    in_brackets,
    without_escape,
    word_starts,
    words_begin,
    words_within,
)

_ESCAPE_BEGINS: Final = re.compile(
    r"(?:\\{1,2}(?:u(?:0(?:05?)?)?)?|&(?:#[xX]?[0-9A-Fa-f]{0,2}|[A-Za-z]{0,6})|%[05-9]?)\Z"
)
_OF_CODE: Final = frozenset(ALPHABET + ALPHABET.lower() + "_")


def pending(text: str, floor: int, issued: Issued, *, patient: bool, source: bool = False) -> int:
    """From where on the end of a text may be the beginning of a placeholder; its length where nowhere.

    Args:
        floor: where to look from, at most.
        patient: look for spellings without square brackets too: any word that may begin a type's name is waited for.
        source: the text is JSON source.
    """
    floor = max(floor, len(text) - MAX_HELD_LEAD)
    begin = max(floor, words_begin(text, floor) - MAX_OPENING)
    marks = MAY_OPEN.search(text, begin) is not None
    escape = _ESCAPE_BEGINS.search(text, max(floor, len(text) - 8)) if marks else None
    stop = escape.start() if escape else len(text)
    for bracket in brackets_in(text, begin, stop, source) if marks else ():
        if not patient and not in_brackets(text, bracket.start()):
            continue
        within = WITHIN.fullmatch(text, bracket.end(), stop)
        if within and _may_go_on(within, issued, ended=escape is not None):
            return bracket.start()
    if not patient:
        return len(text)
    return min(_pending_name(text, floor, stop, issued, escape is not None), _pending_code(text, floor, issued), stop)


def _pending_name(text: str, floor: int, stop: int, issued: Issued, ended: bool) -> int:
    for start in word_starts(text, floor, stop, issued, begun=True):
        outside = OUTSIDE.fullmatch(text, start, stop)
        if outside and _may_be_written(outside) and _may_go_on(outside, issued, ended=ended):
            return start
    return len(text)


def _pending_code(text: str, floor: int, issued: Issued) -> int:
    """From where on a code may begin that is joined to something unknown."""
    if text[-1:] not in _OF_CODE:
        return len(text)
    start = len(text)
    while start > floor and len(text) - start <= MAX_CODE_LENGTH + 4 and text[start - 1] in "_":
        start -= 1
    end = start
    while start > floor and end - start < MAX_CODE_LENGTH and text[start - 1].upper() in ALPHABET:
        start -= 1
    begin = without_escape(text, start)
    return begin if begin < end and issued.begins_code(text[begin:end].upper()) else len(text)


def _may_be_written(outside: re.Match[str]) -> bool:
    written = outside["type"]
    first = SEPARATORS.split(written, maxsplit=1)[0]
    return first.isupper() or not GAPS.search(outside.group())


def _may_go_on(begun: re.Match[str], issued: Issued, *, ended: bool) -> bool:
    """Whether words may be the beginning of a type's name and a code."""
    written = begun["type"]
    if written is None:
        return True
    words = words_within(written)
    if issued.begins_name(words + " " if ended or begun["end"] else words):
        return True
    if (ended or begun["end"]) and issued.is_name(words):
        return True
    name, _, last = words.rpartition(" ")
    return (not name or issued.is_name(name)) and not begun["end"] and issued.begins_code(last.upper())
