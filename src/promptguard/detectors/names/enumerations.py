"""Long lists of things whose names sound like those of people: typefaces, products, towns, teams.

The model takes every third of them for a person. Who lists people lists nothing else: where most entries of a long list
are no persons, none is, unless it is a given name with a surname.
"""

from __future__ import annotations

import re
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
    """The spans without those of long lists of which most entries are no persons. Takes time linear in the text."""
    kept = list(spans)
    if not any(span.entity_type == PERSON for span in kept) or text.count(", ") < MIN_ENTRIES - 1:
        return kept
    for found in _LIST.finditer(text):
        start, end = found.span()
        inside = [span for span in kept if start <= span.start and span.end <= end]
        entries = [(start + each.start(), start + each.end()) for each in re.finditer(r"[^,]+", found[0])]
        persons = [span for span in inside if span.entity_type == PERSON]
        named = sum(any(first < span.end and span.start < last for span in persons) for first, last in entries)
        if persons and named * _PERSONS_ONE_IN < len(entries):
            shared = Counter(word.lower() for word in _WORD.findall(found[0]))
            things = {id(span) for span in inside if not _is_full_name(text[span.start : span.end], shared)}
            kept = [span for span in kept if id(span) not in things]
    return kept


def _is_full_name(content: str, shared: Counter[str]) -> bool:
    words = content.split()
    last = words[-1].lower()
    return len(words) == 2 and is_given_name(words[0]) and last in lexicon().surnames and shared[last] <= _OF_A_FAMILY
