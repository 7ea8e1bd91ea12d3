"""Where a person's name begins and ends among words that a model took for it: titles, sentences, entries beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lexicon.sentence_words import language_of
from promptguard.detectors.names.no_names import is_sentence_word, is_word_of_language
from promptguard.detectors.names.thresholds import PARTICLES
from promptguard.detectors.stems import word_set

_TITLES: Final = word_set(
    "gov governor sen senator rep representative congressman congresswoman mayor president vice-president minister"
    " chancellor ambassador secretary justice judge captain capt sergeant sgt lieutenant lt colonel col maj adm"
    " admiral rev reverend rabbi imam sheikh mr mrs ms mx dr prof professor doctor nurse chef coach agent officer"
    " detective inspector uncle aunt onkel tante oncle tío tía tio tia zio zia oom herr herrn frau señor señora sr sra"
    " dra monsieur madame mme mlle signor signora sig dott dottor dottoressa mevrouw meneer mevr dhr fru bürgermeister"
    " präsident ministerpräsident kanzler präsidentin président présidente maire ministre presidente alcalde ministro"
    " ministra sindaco burgemeester minister-president statsminister borgmester prefeito deputado senador governador"
)
"""Forms of address and offices, which are no part of a name."""
_ABBREVIATED: Final = word_set(
    "prof dott capt cmdr dipl hond friedr wilh christ alex theo benj robt mohd muhd lieut supt insp pres chas geo thos"
    " jas wm st ste jos dr mr mrs ms gov sen rep rev gen col maj sgt capt fr sr jr hr dhr mevr drs ing ir mag univ phil"
)
"""After them a full stop ends no sentence."""
_MIN_SENTENCE_END: Final = 4
"""Letters of the shortest word after which a full stop ends a sentence, but for short given names."""
_ACCORDING_TO: Final = frozenset({"segundo"})
"""A given name too, but before a name mostly this."""
_LABEL_AFTER: Final = re.compile(r"[ \t]{0,2}:")
_FOOTNOTE: Final = re.compile(r"(?<=[^\W\d_]{3})\d{1,2}\Z")


def is_title(word: str) -> bool:
    """Whether a word, in lower case, is a form of address or an office."""
    return word in _TITLES


def ends_sentence(word: str, gap: str) -> bool:
    """Whether a gap between two words ends a sentence after `word`: `on 27 July. Jane`, not `St. Clair`."""
    if "." not in gap or not gap[-1].isspace():
        return False
    lowered = word.lower()
    if lowered in _ABBREVIATED:
        return False
    return len(word) >= _MIN_SENTENCE_END or (len(word) == _MIN_SENTENCE_END - 1 and lowered in lexicon().given_names)


def without_footnote(content: str) -> int:
    """How many characters of a full name's end are the number of a footnote: `Jane Roe3`."""
    found = _FOOTNOTE.search(content)
    return len(found[0]) if found and any(map(str.isspace, content)) else 0


def within_edges[T](text: str, run: Sequence[T], place: Callable[[T], tuple[int, int]]) -> Sequence[T]:
    """The words of a run of capitalised ones that are the name: without the titles before it, the first word of the
    sentence, and the label of the entry after it.

    Args:
        text: what they stand in.
        run: one or more of them, in order.
        place: where each of them starts and ends.
    """
    spans = [place(word) for word in run]
    written = [text[start:end] for start, end in spans]
    lowered = [word.lower() for word in written]
    first, last = 0, len(run)
    for index in range(last - 1):
        if lowered[index] in _TITLES and written[index][0].isupper() and lowered[index + 1] not in PARTICLES:
            first = index + 1
    if first < last - 1 and _leads(text, lowered[first]):
        first += 1
    if (
        last - first > 2
        and lowered[last - 2] not in PARTICLES  # `van Dijk:` is a name, whatever a dike is
        and _LABEL_AFTER.match(text, spans[last - 1][1])
        and is_word_of_language(text, lowered[last - 1])
    ):
        last -= 1
    return run[first:last]


def _leads(text: str, word: str) -> bool:
    """Whether the word before a name is none of it, but begins the sentence: `Quando Roe`, `Segundo Roe`."""
    if len(word) == 1 or word in PARTICLES or (word in lexicon().given_names and word not in _ACCORDING_TO):
        return False
    return bool(language_of(text)) and is_sentence_word(text, word)
