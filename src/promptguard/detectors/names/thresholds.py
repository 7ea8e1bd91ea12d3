"""Which of a model's thresholds a name must reach, by what else speaks for it: lists, titles, what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.model_thresholds import ModelThresholds

NEIGHBOUR: Final = 0.05
"""For a word beside a surer one, to belong to the same name."""
KNOWN_NEIGHBOUR: Final = 0.005

_SHORT: Final = 3
"""Letters of a name in lower case that says little."""

_ACRONYM = re.compile(r"[A-Z]{1,4}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# Forms of address, salutations, and what people are to each other, in the seven languages the model knows.
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|herrn?|frau|sr|sra|dra|señora?|monsieur|madame|mme|mlle|docteur|signora?|sig|dott"
    r"|dott\.?ssa|mevrouw|mevr|meneer|dhr|hr|fru|dear|liebe[rs]?|geehrte[r]?|chère?|cher|estimad[oa]|querid[oa]|gentile"
    r"|car[oa]|beste|geachte|kære|med|doctora?|dottor(?:essa)?|(?:over)?læge|huisarts|(?:haus)?[aä]rzt(?:in)?"
    r"|nachbar(?:in|n)?|kolleg(?:e|in|en)|voisine?|collègue|vicin[oa]|collega|vecin[oa]|compañer[oa]|buurman|buurvrouw"
    r"|nabo(?:en)?|kollega|famil(?:y|ie|ia|le|ien)|famille|famiglia|un (?:tal|certain|certo)|ene|en vis|ein gewisser"
    r"|patient(?:in|en)?|pat)\.?[ \t]{1,2}$",
    re.IGNORECASE,
)
TITLE_LENGTH: Final = 16
"""Most characters that a title takes, with what follows it."""


def required_for_person(text: str, start: int, end: int, thresholds: ModelThresholds, *, cased: bool) -> float:
    """The least probability at which text[start:end] counts as a person's name, from 0 to 1.

    `thresholds` are those of the model that judged it. `cased` says whether the text uses capital letters at all.
    """
    content = text[start:end]
    words = [word.lower() for word in _WORD.findall(content)]
    lists = lexicon()
    common = all(word in lists.common_words for word in words)
    given = any(word in lists.given_names for word in words)
    if cased and (content.islower() or _ACRONYM.fullmatch(content)):
        if not given or common or not content.islower():
            return thresholds.plain
        return _in_lower_case(content, thresholds.given_name_in_lower_case, thresholds)
    if not cased:
        if common:
            return thresholds.plain
        return _in_lower_case(
            content, thresholds.given_name_in_lower_case if given else thresholds.capitalised, thresholds
        )
    if common and given:
        required = thresholds.given_name_and_word
    elif common:
        required = thresholds.common_word if len(words) == 1 else thresholds.common_words
    elif len(words) > 1 and words[0] in lists.given_names and words[-1] in lists.surnames:
        required = thresholds.full_name
    elif given:
        required = thresholds.given_name
    elif any(word in lists.surnames for word in words):
        required = thresholds.surname
    else:
        required = thresholds.capitalised
    if not common and after_title(text, start):
        return min(
            required, thresholds.surname_after_title if words[-1] in lists.surnames or given else thresholds.after_title
        )
    return required


def _in_lower_case(name: str, required: float, thresholds: ModelThresholds) -> float:
    """What is required, and more of what has so few letters that it may be anything: `lux` heads a column."""
    return max(required, thresholds.short_name_in_lower_case) if len(name) <= _SHORT else required


def after_title(text: str, start: int) -> bool:
    """Whether a form of address, or what people are to each other, stands right before `start`."""
    return _TITLE.search(text, max(0, start - TITLE_LENGTH), start) is not None


LOWEST_NEIGHBOUR: Final = min(NEIGHBOUR, KNOWN_NEIGHBOUR)
"""A word that is less probable belongs to no name, whatever it is."""


def may_join(word: str, *, cased: bool) -> float:
    """The least probability at which a word belongs to the name beside it."""
    if cased and not word[0].isupper():
        return NEIGHBOUR
    lists = lexicon()
    lowered = word.lower()
    known = lowered in lists.given_names or lowered in lists.surnames
    return KNOWN_NEIGHBOUR if known and lowered not in lists.common_words else NEIGHBOUR


def without_outer_words[T](words: Sequence[T], written: Sequence[str]) -> Sequence[T]:
    """`words` of a name without the words in lower case around it: `Jane called` is `Jane`, `de Roe` stays.

    `written` is how each of them is written.
    """
    if not any(word[0].isupper() for word in written):
        return words
    start, end = 0, len(words)
    while written[end - 1].islower():
        end -= 1
    while written[start].islower() and written[start] not in PARTICLES:
        start += 1
    return words[start:end]


PARTICLES: Final = frozenset(
    [
        *("den", "der", "von", "vom", "zu", "zum", "zur"),  # German
        *("op", "'t", "te", "ten", "ter", "van"),  # Dutch
        *("af", "av"),  # Danish, Swedish
        *("d", "da", "das", "de", "del", "della", "des", "di", "do", "dos", "du", "el", "la", "le", "y"),  # Romance
        *("al", "bin", "ibn"),  # Arabic
    ]
)
"""Words in lower case with which names begin."""
