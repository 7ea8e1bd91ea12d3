"""Places that nothing ties to anybody: countries, regions and cities that are only spoken of.

`a trip to Lisbon`, `shops in Bavaria`: every second prompt names one, and it says nothing of anybody. The model cannot
tell those from the town of a customer; what else the text says of people can.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.names.lexicon.sentence_words import languages_of
from promptguard.detectors.names.spans import LOCATION, PERSON, Span
from promptguard.detectors.personal_sentences import speak_of_persons
from promptguard.detectors.reference.gazetteer import gazetteer

_BETWEEN: Final = re.compile(
    r"\.?[ \t]*(?:[,;/|&()\n-]|(?<!\w)(?:and|or|und|oder|et|ou|y|o|e|en|of|og|eller)(?!\w))?[ \t\n(]*"
)
"""Between two names: `Lyon, France`, `Lyon and Nice`."""

_NEAR: Final = 300
"""Characters within which a person makes a place somebody's."""


def without_bare_places(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, in order, without places that are nothing but names of the gazetteer and near which nobody is named.

    What has a number, a street or a name that the gazetteer does not know is an address, and stays.
    """
    if not any(span.entity_type == LOCATION for span in spans):
        return list(spans)
    persons = [span for span in spans if span.entity_type == PERSON]
    starts = [span.start for span in persons]

    def is_near_person(place: Span) -> bool:
        index = bisect_left(starts, place.start)
        return any(
            person.start - place.end <= _NEAR and place.start - person.end <= _NEAR
            for person in persons[max(0, index - 1) : index + 1]
        )

    bare = [
        span
        for span in spans
        if span.entity_type == LOCATION and is_bare(text[span.start : span.end]) and not is_near_person(span)
    ]
    if not bare:
        return list(spans)
    personal = speak_of_persons(text, [(span.start, span.end) for span in bare], languages_of(text))
    nobodys = {span for span, is_somebodys in zip(bare, personal, strict=True) if not is_somebodys}
    return [span for span in spans if span not in nobodys]


def is_bare(content: str) -> bool:
    """Whether `content` is nothing but names of countries, regions and cities."""
    position, places = 0, gazetteer()
    while position < len(content):
        place = places.at(content, position)
        if place is None:
            return False
        gap = _BETWEEN.match(content, place.end)
        assert gap is not None
        if gap.end() == place.end < len(content):
            return False
        position = gap.end()
    return True
