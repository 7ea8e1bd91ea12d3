"""Persons who are named again by one of their names: `Jane Roe … Roe said`, `Roe's`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.reference.gazetteer import gazetteer

MENTIONED: Final = 0.6
"""How sure a single name is because the full one stands in the same text."""

_MIN_LENGTH = 3
_WORD = re.compile(r"(?<![\w.@/\\$#%&=:-])[^\W\d_]+(?:[-'’][^\W\d_]+)*(?![\w@/\\(=-]|\.\w)")
_GENITIVE = re.compile(r"['’]?s\Z")


def mentions(text: str, spans: Sequence[Span], *, surnames_only: bool = False) -> list[Span]:
    """Where a name of a person of several names stands alone elsewhere in `text`.

    Words and places are left out: whoever is called `May Brown` or `Jack London` must be found by what stands around.

    Args:
        text: a piece of a segment, as the models see it.
        spans: what was found in it, in order and without overlaps.
        surnames_only: far from the full name, a given name is anybody's.
    """
    names = {
        name
        for span in spans
        if span.entity_type == PERSON
        for name in _names(text[span.start : span.end])[-1 if surnames_only else 0 :]
        if _is_telling(name)
    }
    if not names:
        return []
    found: list[Span] = []
    index = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if not match[0][0].isupper():
            continue
        name = match[0]
        if name not in names:
            name = _GENITIVE.sub("", name)
            end = start + len(name)
        if name not in names:
            continue
        while index < len(spans) and spans[index].end <= start:
            index += 1
        if index == len(spans) or spans[index].start >= end:
            found.append(Span(start, end, PERSON, MENTIONED, "NamesRecognizer"))
    return found


def _names(content: str) -> list[str]:
    """The words of a full name; none of a single one."""
    words = [match[0] for match in _WORD.finditer(content)]
    return words if len(words) > 1 else []


def _is_telling(name: str) -> bool:
    lists = lexicon()
    lowered = name.lower()
    return (
        len(name) >= _MIN_LENGTH
        and name[0].isupper()
        and not name.isupper()
        and lowered not in lists.common_words
        and gazetteer().at(name, 0) is None
    )
