"""From judged words to spans: which words are sure enough, and which of them make up one name or one address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from promptguard.detectors.names.rampart import Word
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

RECOGNIZER = "RampartRecognizer"


@dataclass(frozen=True, slots=True)
class Threshold:
    """How sure the model must be. The surest word of a span decides; its neighbours need less to belong to it."""

    capitalised: float
    """For a span that is written like a name, or in a text without any capital letter."""
    plain: float
    """For a span in lower case, or an acronym, in a text that does use capitals. The model cannot see this: its
    vocabulary is uncased."""
    neighbour: float


# From a grid over labelled template prompts (found) and clean prompts (alarms), with F2 as the aim: below these values
# alarms grow faster than what is found, above them foreign and bare surnames go first.
THRESHOLDS = {
    PERSON: Threshold(capitalised=0.4, plain=0.96, neighbour=0.15),
    LOCATION: Threshold(capitalised=0.3, plain=0.96, neighbour=0.1),
}

# What may stand between two words of one span.
_GAPS = {
    PERSON: re.compile(r"[ \t\u00a0]{0,3}(?:[.'’\-][ \t]?)?"),
    LOCATION: re.compile(r"[ \t\u00a0]{0,3}[,;.#/\-]?[ \t\u00a0]{0,3}(?:\r?\n[ \t>|*]{0,16})?"),
}
_LETTER = re.compile(r"[^\W\d_]")
_ACRONYM = re.compile(r"[A-Z]{1,4}")
_IDENTIFIER_EDGE = re.compile(r"[\w$@\\]")

# The second half of "Ana K. Example": the initial says that what follows is a surname, whatever the model thinks of it.
_INITIAL_AND_SURNAME = re.compile(
    r"[ \t][A-Z]\.?[ \t]([A-Z\u00c0-\u00de\u0100-\u024f][^\W\d_]{1,30}(?:[-'’][^\W\d_]{1,30})?)"
)

# Secondary unit designators (USPS Publication 28, appendix C2) before their number. The model sees the number only.
_UNIT = re.compile(
    r"(?:\b(?:apartment|apt|building|bldg|department|dept|floor|fl|hangar|lot|pier|room|rm|slip|space|spc|stop|suite|ste"
    r"|trailer|trlr|unit|box)\.?|\#)[ \t]{0,2}$",
    re.IGNORECASE,
)
_UNIT_LENGTH = 14
"""Most characters that `_UNIT` matches."""


def assemble(text: str, words: Sequence[Word]) -> list[Span]:
    """The names and addresses in `text`, in order of their places. Spans are whole words without outer punctuation."""
    cased = any(character.isupper() for character in text)
    people = [span for run in _runs(text, words, PERSON) if (span := _person(text, run, cased=cased))]
    places = [span for run in _runs(text, words, LOCATION) if (span := _place(text, run, cased=cased))]
    return sorted(people + places, key=lambda span: (span.start, span.end))


type _Run = list[tuple[Word, float]]


def _runs(text: str, words: Sequence[Word], entity_type: str) -> list[_Run]:
    """Adjoining words that are likelier of this type than of the other, and likely enough to be neighbours."""
    lowest = THRESHOLDS[entity_type].neighbour
    gap = _GAPS[entity_type]
    runs: list[_Run] = []
    adjoining = False
    for word in words:
        if not text[word.start].isalnum():
            continue  # punctuation belongs to the gaps
        score, other = (word.person, word.location) if entity_type == PERSON else (word.location, word.person)
        if score < lowest or score < other:
            adjoining = False
            continue
        if adjoining and gap.fullmatch(text, runs[-1][-1][0].end, word.start):
            runs[-1].append((word, score))
        else:
            runs.append([(word, score)])
        adjoining = True
    return runs


def _person(text: str, run: _Run, *, cased: bool) -> Span | None:
    start, end = run[0][0].start, run[-1][0].end
    content = text[start:end]
    if len(_LETTER.findall(content)) < 2 or any(map(str.isdigit, content)):
        return None
    score = max(score for _, score in run)
    if score < _required(PERSON, content, cased=cased) or _within_identifier(text, start, end):
        return None
    if content[0].isupper() and (surname := _INITIAL_AND_SURNAME.match(text, end)):
        end = surname.end()
    return Span(start, end, PERSON, round(score, 3), RECOGNIZER)


def _place(text: str, run: _Run, *, cased: bool) -> Span | None:
    start, end = run[0][0].start, run[-1][0].end
    unit = _UNIT.search(text[max(0, start - _UNIT_LENGTH) : start])
    if unit:
        start -= unit.end() - unit.start()
    content = text[start:end]
    # A bare number is as likely a quantity; two letters are as likely a unit or a variable.
    if len(_LETTER.findall(content)) < 3:
        return None
    # "in spring", "the bank": alone and without a capital, where others are written, it is a common word.
    if cased and len(run) == 1 and not unit and content.islower():
        return None
    # Numbers are part of an address if words beside them say that it is one, not the other way round.
    score = max((score for word, score in run if unit or _LETTER.match(text, word.start)), default=0.0)
    if score < _required(LOCATION, content, cased=cased) or _within_identifier(text, start, end):
        return None
    return Span(start, end, LOCATION, round(score, 3), RECOGNIZER)


def _required(entity_type: str, content: str, *, cased: bool) -> float:
    threshold = THRESHOLDS[entity_type]
    written_as_name = any(map(str.isupper, content)) and not _ACRONYM.fullmatch(content)
    return threshold.capitalised if written_as_name or not cased else threshold.plain


def _within_identifier(text: str, start: int, end: int) -> bool:
    """Whether the words are a piece of `some_identifier`, a call or an address such as `$NAME` or `@name`."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return bool(_IDENTIFIER_EDGE.match(before) or _IDENTIFIER_EDGE.match(after) or after == "(")
