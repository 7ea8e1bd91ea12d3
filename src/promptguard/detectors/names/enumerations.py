"""Long lists of things whose names sound like those of people: typefaces, products, towns, teams.

The model takes every third of them for a person. Who lists people lists nothing else: where most entries of a long list
are no persons, none is, unless it is a given name with a surname.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.name_fields import is_given_name
from promptguard.detectors.names.spans import PERSON, Span

MIN_ENTRIES: Final = 12
"""Of a list that is long enough to be judged as a whole."""

_ENTRY: Final = r"[^\W\d_a-z][^,;:.!?\n()\[\]{}<>\"@/=|]{0,39}"
_LIST: Final = re.compile(rf"{_ENTRY}(?:,[ ](?:(?:and|or)[ ])?{_ENTRY}){{{MIN_ENTRIES - 1},}}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_PERSONS_ONE_IN: Final = 3
"""Fewer persons than one in so many entries, and it is a list of things. Of rare surnames a third is known at least."""
_OF_A_FAMILY: Final = 2
"""Entries of a list of things that may share a surname. More share what the things are: `Sans`, `Server`."""


def without_listed_things(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, in order, without those of long lists of which most entries are no persons.

    Takes time linear in the text, but for looking places up in sorted ones.
    """
    if not any(span.entity_type == PERSON for span in spans) or text.count(", ") < MIN_ENTRIES - 1:
        return list(spans)
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    starts = [span.start for span in ordered]
    things: set[int] = set()
    for found in _LIST.finditer(text):
        start, end = found.span()
        inside = [
            (index, ordered[index])
            for index in range(bisect_left(starts, start), bisect_left(starts, end))
            if ordered[index].end <= end
        ]
        persons = [span for _, span in inside if span.entity_type == PERSON]
        entries = [start + each.start() for each in re.finditer(r"[^,]+", found[0])]
        if persons and _touched(entries, persons) * _PERSONS_ONE_IN < len(entries):
            shared = Counter(word.lower() for word in _WORD.findall(found[0]))
            things.update(index for index, span in inside if not _is_full_name(text[span.start : span.end], shared))
    return [span for index, span in enumerate(ordered) if index not in things]


def _touched(entries: Sequence[int], persons: Sequence[Span]) -> int:
    """How many entries, by their beginnings, have a person in them."""
    touched: set[int] = set()
    for span in persons:
        touched.update(range(bisect_right(entries, span.start) - 1, bisect_right(entries, span.end - 1)))
    return len(touched)


def _is_full_name(content: str, shared: Counter[str]) -> bool:
    words = content.split()
    last = words[-1].lower()
    return len(words) == 2 and is_given_name(words[0]) and last in lexicon().surnames and shared[last] <= _OF_A_FAMILY
