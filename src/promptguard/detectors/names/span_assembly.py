"""From judged words to spans: which words are sure enough, and which of them make up one name or one address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.landmarks import is_landmark
from promptguard.detectors.names.lexicon import is_common_word, lexicon
from promptguard.detectors.names.lexicon_names import with_listed_names
from promptguard.detectors.names.model_thresholds import ModelThresholds
from promptguard.detectors.names.name_edges import ends_sentence, within_edges, without_footnote
from promptguard.detectors.names.no_names import is_day, is_no_name, is_no_place
from promptguard.detectors.names.not_persons import in_brand, is_no_person, is_version_called_so
from promptguard.detectors.names.organisations import names_organisation
from promptguard.detectors.names.packages import is_package
from promptguard.detectors.names.person_cues import is_introduced
from promptguard.detectors.names.place_evidence import is_compass, is_machine_text, machine_words
from promptguard.detectors.names.spans import LOCATION, PERSON, Span
from promptguard.detectors.names.thresholds import (
    LOWEST_NEIGHBOUR,
    after_title,
    may_join,
    required_for_person,
    without_outer_words,
)
from promptguard.detectors.names.titled import with_titled_names
from promptguard.detectors.names.whole_names import beginning_of_name, end_of_name, with_surname
from promptguard.detectors.names.word_forms import is_after_article
from promptguard.detectors.reference.gazetteer import gazetteer

RECOGNIZER = "NamesRecognizer"

PLACE_NEIGHBOUR: Final = 0.03
"""For a word beside a surer one."""

# What may stand between two words of one span.
_GAPS = {
    PERSON: re.compile(r"[ \t\u00a0]{0,3}(?:[.'’\-][ \t]?)?"),
    LOCATION: re.compile(r"[ \t\u00a0]{0,3}[,;.#/\-]?[ \t\u00a0]{0,3}(?:\r?\n[ \t>|*]{0,16})?"),
}
_LETTER = re.compile(r"[^\W\d_]")
_BEYOND_LATIN = re.compile(r"[^\W\d_a-zA-Z\u00aa\u00ba\u00c0-\u02ff\u1d00-\u1dbf\u1e00-\u1eff]")
"""A letter of a script of which the model knows nothing, and takes any word for a name: `scripts` looks at those."""
_UNKNOWN_WORDS = re.compile(r"(?:[^\w]|[^\W\d_a-zA-Z\u00aa\u00ba\u00c0-\u03ff\u1d00-\u1dbf\u1e00-\u1fff])+")
"""Nothing but such letters, of other scripts than Greek, in which the model finds places."""
_ACRONYM = re.compile(r"[A-Z]{1,4}")
_GENITIVE = re.compile(r"(?<=\w)['’]s\b")
"""Of whoever a place belongs to: `Fleming's Goldeneye`, and not the beginning of `'s-Hertogenbosch`."""
# `apiKey` and `NSInteger`, but not `McRoe`, `DeVito` or `O'Roe`.
_IDENTIFIER = re.compile(r"\b(?:[a-z]+|[A-Z][a-z]{4,})[A-Z]|\b[A-Z]{2,}[a-z]{2}")
_SHORT_HUMP = re.compile(r"\b([A-Z][a-z]{1,3})([A-Z][a-z]+)\b")
_NAME_BEGINNINGS = frozenset(
    [
        "al",
        "ap",
        "ben",
        "da",
        "de",
        "del",
        "der",
        "des",
        "di",
        "dos",
        "du",
        "el",
        "fitz",
        "la",
        "le",
        "lo",
        "mac",
        "mc",
        "o",
        "san",
        "st",
        "van",
        "von",
    ]
)
"""Beginnings of `McRoe` and `DeVito`."""
_NAME_WORD = re.compile(r"[^\W\d_]+")
_IDENTIFIER_EDGE = re.compile(r"[\w$@\\]")

# What stands before "Example" in "A. K. Example", and names that are shortened by custom.
_INITIALS = re.compile(
    r"(?<![\w.])(?:(?:[A-Z\u00c0-\u00de]\.[ ]?){1,3}|(?:Md|Mohd|Muh|Wm|Chas|Geo|Jos|Thos|Jas|Ma|Sk|Sh|Kh)\.[ ])\Z"
)

# The second half of "Hye-jin", which the model takes for a word of its own.
_HYPHENATED = re.compile(r"-[^\W\d_]{2,12}\b(?![-_@=(])")

# The first half of "Example, Ana" where a line or a field begins.
_SURNAME_BEFORE = re.compile(
    r"(?:\A|[\n|\t;\"'(]|[:=\d–-][ \t])[ ]?"
    r"((?:[a-z]{1,3}[ ]){0,2}([A-Z\u00c0-\u00de\u0100-\u024f][^\W\d_]{1,30}(?:[-'’][^\W\d_]{1,30})?)),[ ]\Z"
)
_SURNAME_LENGTH = 48
"""Most characters that `_SURNAME_BEFORE` matches."""
_GREETINGS = frozenset(
    ["hola", "ciao", "hej", "hallo", "bonjour", "salut", "hi", "hello", "hey", "moin", "servus", "hoi"]
)

# Secondary unit designators (USPS Publication 28, appendix C2) before their number. The model sees the number only.
_UNIT = re.compile(
    r"(?:\b(?:apartment|apt|building|bldg|department|dept|floor|fl|hangar|lot|pier|room|rm|slip|space|spc|stop|suite|ste"
    r"|trailer|trlr|unit|box)\.?|\#)[ \t]{0,2}$",
    re.IGNORECASE,
)
_UNIT_LENGTH = 14
"""Most characters that `_UNIT` matches."""


def assemble(text: str, words: Sequence[Word], thresholds: ModelThresholds) -> list[Span]:
    """The names and addresses in `text`, in order of their places. Spans are whole words without outer punctuation.

    `thresholds` are those of the model that judged the words.
    """
    cased = any(character.isupper() for character in text)
    words = with_titled_names(text, with_listed_names(text, words))
    people = (_person(text, run, thresholds, cased=cased) for run in _runs(text, words, PERSON, cased=cased))
    places = (_place(text, run, thresholds, cased=cased) for run in _runs(text, words, LOCATION, cased=cased))
    return sorted(filter(None, (*people, *places)), key=lambda span: (span.start, span.end))


type _Run = Sequence[tuple[Word, float]]


def _runs(text: str, words: Sequence[Word], entity_type: str, *, cased: bool) -> list[_Run]:
    """Adjoining words that are likelier of this type than of the other, and likely enough to be neighbours."""
    gap = _GAPS[entity_type]
    runs: list[list[tuple[Word, float]]] = []
    adjoining = False
    person = entity_type == PERSON
    least = LOWEST_NEIGHBOUR if person else PLACE_NEIGHBOUR
    for word in words:
        score, other = (word.person, word.location) if person else (word.location, word.person)
        if score < least or score < other:  # nearly all words
            adjoining = adjoining and not text[word.start].isalnum()  # punctuation belongs to the gaps
            continue
        if not text[word.start].isalnum():
            continue
        if person and score < may_join(text[word.start : word.end], cased=cased):
            adjoining = False
            continue
        if (
            adjoining
            and gap.fullmatch(text, runs[-1][-1][0].end, word.start)
            and not (entity_type == PERSON and _ends_sentence(text, runs[-1][-1][0], word))
        ):
            runs[-1].append((word, score))
        else:
            runs.append([(word, score)])
        adjoining = True
    return list(runs)


def _ends_sentence(text: str, before: Word, after: Word) -> bool:
    return ends_sentence(text[before.start : before.end], text[before.end : after.start])


def _person(text: str, run: _Run, thresholds: ModelThresholds, *, cased: bool) -> Span | None:
    run = [(word, score) for word, score in run if not _BEYOND_LATIN.search(text, word.start, word.end)]
    if cased and run:
        run = without_outer_words(run, [text[word.start : word.end] for word, _ in run])
        run = within_edges(text, run, lambda each: (each[0].start, each[0].end))
    if not run:
        return None
    start, end = run[0][0].start, run[-1][0].end
    end -= without_footnote(text[start:end])
    content = text[start:end]
    if len(_LETTER.findall(content)) < 2 or any(map(str.isdigit, content)):
        return None
    score = max(score for _, score in run)
    if score < required_for_person(text, start, end, thresholds, cased=cased):
        return None
    if _within_identifier(text, start, end) or _is_identifier(content) or names_organisation(text, end):
        return None
    if lexicon().names_no_person(_NAME_WORD.findall(content)) and not after_title(text, start):
        return None
    if is_no_person(text, start, end) or _is_machine_word(text, start, end):
        return None
    initials = _INITIALS.search(text, max(0, start - 12), start) if content[0].isupper() else None
    if not initials and _is_no_name(text, start, end, cased=cased):
        return None
    if is_landmark(text, start, end, person=True) and not after_title(text, start):
        return None
    if initials:
        start = initials.start()
    if content[0].isupper() and " " not in content:
        start = _with_surname_before(text, start, content)
    if rest := _HYPHENATED.match(text, end):
        end = rest.end()
    start, end = beginning_of_name(text, start, end), with_surname(text, start, end)
    end = end_of_name(text, start, end)
    if is_package(text, start, end):
        return None
    return Span(start, end, PERSON, round(score, 3), RECOGNIZER)


def _is_no_name(text: str, start: int, end: int, *, cased: bool) -> bool:
    """Whether it is made of words of a language, and nothing beside it says that a person is named."""
    if after_title(text, start):
        return False
    content = text[start:end]
    if is_day(content) or (cased and content.islower() and is_after_article(text, start)):
        return True  # `the dosha`, whoever is called so
    return is_no_name(text, start, end) and not is_introduced(text, start, end)


def _is_machine_word(text: str, start: int, end: int) -> bool:
    """Whether a guess that is not written like a name is made of words of machines: `auth`, `db-creds`, `awk`."""
    content = text[start:end]
    if not content.islower() or after_title(text, start):
        return False
    words, lists = _NAME_WORD.findall(content), lexicon()
    return any(word in machine_words() and word not in lists.given_names for word in words)


def _is_identifier(content: str) -> bool:
    """Whether a word in it is written as in programs: `apiKey`, `NSInteger`, `ApiKey`, but not `McRoe` or `MaryAnn`."""
    if _IDENTIFIER.search(content):
        return True
    given = lexicon().given_names
    return any(
        first.lower() not in _NAME_BEGINNINGS and not (first.lower() in given and second.lower() in given)
        for first, second in _SHORT_HUMP.findall(content)
    )


def _with_surname_before(text: str, start: int, given_name: str) -> int:
    """Where the name starts of which text[start:] is the given name: `Example, Ana` in lists and forms."""
    found = _SURNAME_BEFORE.search(text, max(0, start - _SURNAME_LENGTH), start)
    if found is None:
        return start
    surname, lists = found[2], lexicon()
    lowered = surname.lower()
    listed = lowered in lists.surnames and lowered not in lists.common_words and lowered not in _GREETINGS
    in_capitals = surname.isupper() and given_name.isupper() and len(surname) > 2
    is_place = found[1] == surname and gazetteer().at(text, found.start(2)) is not None
    if is_place or not (listed or in_capitals):
        return start
    return found.start(1)


def _place(text: str, run: _Run, thresholds: ModelThresholds, *, cased: bool) -> Span | None:
    if cased:
        run = _without_doubtful_end(text, run, thresholds.place_plain)
    if _GENITIVE.match(text, run[0][0].start - 1) and len(run) > 1:
        run = run[1:]
    start, end = run[0][0].start, run[-1][0].end
    unit = _UNIT.search(text[max(0, start - _UNIT_LENGTH) : start])
    if unit and unit[0].startswith("#") and not text[start].isdigit():
        unit = None  # a heading in Markdown, a comment
    if unit:
        start -= unit.end() - unit.start()
    content = text[start:end]
    # A bare number is as likely a quantity; two letters are as likely a unit or a variable.
    if len(_LETTER.findall(content)) < 3 or _UNKNOWN_WORDS.fullmatch(content):
        return None
    # "in spring", "the bank": alone and without a capital, where others are written, it is a common word.
    if cased and len(run) == 1 and not unit and content.islower():
        return None
    # Numbers are part of an address if words beside them say that it is one, not the other way round.
    score = max((score for word, score in run if unit or _LETTER.match(text, word.start)), default=0.0)
    written_as_name = any(map(str.isupper, content)) and not _ACRONYM.fullmatch(content)
    if score < (thresholds.place_capitalised if written_as_name or not cased else thresholds.place_plain):
        return None
    if score < _required_of_one_word(content, thresholds):
        return None
    if _within_identifier(text, start, end) or (content.isalpha() and names_organisation(text, end)):
        return None
    if not unit and (is_machine_text(content, score) or in_brand(text, start, end)):
        return None
    if not unit and (is_landmark(text, start, end, person=False) or is_version_called_so(text, start, end)):
        return None
    if not unit and (is_compass(content) or is_no_place(content)):
        return None
    if content.isalpha() and _is_identifier(content):
        return None
    return Span(start, end, LOCATION, round(score, 3), RECOGNIZER)


def _required_of_one_word(content: str, thresholds: ModelThresholds) -> float:
    """The least probability of a place that is one word, written once or again and again; 0 of any other."""
    words = {word.lower() for word in _NAME_WORD.findall(content)}
    if len(words) != 1 or any(map(str.isdigit, content)) or not words.isdisjoint(gazetteer().words):
        return 0.0
    return thresholds.place_plain if any(map(is_common_word, words)) else thresholds.place_unlisted


def _without_doubtful_end(text: str, run: _Run, least: float) -> _Run:
    """A place without words in lower case at its end that are less probable than `least`: `Springfield by train`."""
    end = len(run)
    if not any(text[word.start].isupper() for word, _ in run):
        return run
    while end > 1 and run[end - 1][1] < least and text[run[end - 1][0].start : run[end - 1][0].end].islower():
        end -= 1
    return run[:end]


def _within_identifier(text: str, start: int, end: int) -> bool:
    """Whether the words are a piece of `some_identifier`, a call or an address such as `$NAME` or `@name`."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return bool(_IDENTIFIER_EDGE.match(before) or _IDENTIFIER_EDGE.match(after) or after == "(")
