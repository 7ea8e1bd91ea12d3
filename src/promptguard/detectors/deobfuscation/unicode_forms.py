"""What Unicode has for hiding ASCII text: characters that cannot be seen, and characters that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.character_classes import HIDDEN, LOOKALIKE, MARK, OTHER, TAG, TAGS, table
from promptguard.detectors.deobfuscation.confusables import to_ascii
from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

_BLACK_FLAG = "\U0001f3f4"

MAX_WORD_LENGTH = 128
"""Characters that are read anew on either side of one that passes for another."""

MIN_TAGS = 4
"""Tag characters in a row that make a text."""

_BLANK = re.compile(r"[ \t\r\n]")
_ANSI = re.compile(r"(?:\x1b\[[0-9;?]{0,16}[ -/]?[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f])+")
"""Control characters, and the sequences that colour a terminal (ECMA-48 5.4)."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        first, end = _word(text, start, position)
        yield from _read(text, first, end)
        budget.take(end - first)
        position = end


def _word(text: str, start: int, earliest: int) -> tuple[int, int]:
    """The piece without ASCII white space around `start`, or as much of it as is looked at."""
    earliest = max(earliest, start - MAX_WORD_LENGTH)
    before = max((text.rfind(blank, earliest, start) for blank in " \n\t\r"), default=-1)
    blank = _BLANK.search(text, start, start + MAX_WORD_LENGTH)
    return max(before + 1, earliest), blank.start() if blank else min(start + MAX_WORD_LENGTH, len(text))


def _read(text: str, start: int, end: int) -> Iterator[Replacement]:
    """What a word is read as. Look-alikes count in words that hold ASCII too: others are words of their own script."""
    mapping = to_ascii()
    mixed = any(character.isascii() and character.isalnum() for character in text[start:end])
    classes = table()
    run = start
    """Where the characters begin that stand for others one by one."""
    for index in range(start, end):
        character = text[index]
        kind = classes[ord(character)] if character > "\x7f" else OTHER
        stands = character > "\x7f" and ord(character) in mapping and (mixed or kind != LOOKALIKE)
        if not stands and run < index:
            yield Replacement(run, index, text[run:index].translate(mapping), "look-alikes", 1)
        if not stands:
            run = index + 1
        if kind == HIDDEN:
            yield Replacement(index, index + 1, "", "invisible characters")
        elif kind == TAG and not _in_flag(text, index):
            yield Replacement(index, index + 1, _shown(text, index), "invisible characters")
        elif kind == MARK and not _composes(text, index):
            yield Replacement(index, index + 1, "", "combining marks")
    if run < end:
        yield Replacement(run, end, text[run:end].translate(mapping), "look-alikes", 1)


def _shown(text: str, index: int) -> str:
    """The ASCII character that a tag stands for, kept apart from what can be seen before and after the tags.

    A few tags say nothing: they stand in a word to hide it.
    """
    if not _tags_around(text, index):
        return ""
    shown = chr(ord(text[index]) - TAGS.start)
    before = "" if index and ord(text[index - 1]) in TAGS else " "
    after = "" if index + 1 < len(text) and ord(text[index + 1]) in TAGS else " "
    return before + (shown if shown.isprintable() else "") + after


def _tags_around(text: str, index: int) -> bool:
    """Whether the tags around make a text."""
    first = last = index
    while first > max(0, index - MIN_TAGS) and ord(text[first - 1]) in TAGS:
        first -= 1
    while last < min(len(text), index + MIN_TAGS) and ord(text[last]) in TAGS:
        last += 1
    return last - first >= MIN_TAGS


def _in_flag(text: str, index: int) -> bool:
    """Whether a tag character belongs to an emoji: a black flag and a region's code (UTS #51, annex C)."""
    return _BLACK_FLAG in text[max(index - 8, 0) : index]


def _composes(text: str, index: int) -> bool:
    """Whether a mark makes one letter with what stands before it, as in text in NFD: an accent, no obfuscation."""
    base = index
    while base > 0 and index - base < 3 and unicodedata.combining(text[base]):
        base -= 1
    return text[base].isalpha() and len(unicodedata.normalize("NFC", text[base : index + 1])) == 1


def _find_controls(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        match = _ANSI.match(text, start) if start >= position else None
        if match is not None:
            position = match.end()
            budget.take(1)
            yield Replacement(start, position, "", "control characters")


UNICODE = Obfuscation(
    "unicode",
    ENCODINGS,
    (
        Prefilter("[a0F]i", 1, Form.UNICODE),
        Prefilter("i[a0F]", 2, Form.UNICODE),
        Prefilter("[a0]L", 1, Form.UNICODE),
        Prefilter("L[a0]", 2, Form.UNICODE),
        Prefilter("F", 1, Form.UNICODE),
        Prefilter("[a0c.]m", 1, Form.UNICODE),
        Prefilter("tttt", 4, Form.UNICODE),
        Prefilter("[a0]t", 1, Form.UNICODE),
        Prefilter("0[sd]0", 2, Form.UNICODE),
        Prefilter("0[sd][sd]0", 3, Form.UNICODE),
        Prefilter("0[.c][sd][.c]0", 4, Form.UNICODE),
    ),
    _find,
)
CONTROLS = Obfuscation(
    "controls",
    ENCODINGS,
    (Prefilter(r"\x01", 1, Form.SHAPES),),
    _find_controls,
)
