"""Names after words that nothing but a name follows, whatever the model says: `overlæge Roe`, `un certain Roe`."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.thresholds import PARTICLES

TITLED: Final = 0.7
"""How sure a name after such a word is."""

_INTRODUCES = re.compile(
    r"""(?<![\w.@-])(?:
        (?i: un\ tal | un\ certain | un\ certo | ein(?:en)?\ gewissen?r? | een\ zekere | en\ vis )
      | (?i: (?:over|tand|vagt|dyr)?læge | huisarts | tandarts | naboen | genboen | buurman | buurvrouw
          | kollegin | nachbarin | patientin | mevrouw | meneer | mevr\. | dhr\. | fru | señora? | sra?\. | dra\.
          | madame | monsieur | mme | mlle | signora? | sig\.ra | sig\. | dott\.(?:ssa)? | dottor(?:essa)? )
      | M\.                                                       # French, before the name only
      | (?i: (?:mon|ma|mio|mia|mi|su|tu|min|mijn|haar|zijn|hans|hendes|son|sa)\ (?:
            mari | femme | épouse | frère | sœur | soeur | fils | fille | oncle | tante | cousine? | belle-mère
          | beau-père
          | marito | moglie | fratello | sorella | figli[oa] | zi[oa] | cugin[oa] | suocer[oa]
          | marido | mujer | esposa | herman[oa] | hij[oa] | tí[oa] | prim[oa] | suegr[oa]
          | mand | kone | bror | søster | søn | datter | onkel | svigermor | svigerfar | kæreste
          | man | vrouw | broer | zus | zoon | dochter | oom | nicht | neef | schoonmoeder | schoonvader ) )
    )[ ]\Z""",
    re.VERBOSE,
)
_MAX_LENGTH = 24
"""Most characters that `_INTRODUCES` matches."""

_BETWEEN = re.compile(r"[ \u00a0]|-|['’]")
_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_]*[^\W\d_A-Z][^\W\d_]*")
"""A word with a capital in front that is no acronym."""
_MAX_WORDS = 4
_NO_CAPITALS: Final = frozenset(map(chr, range(128))) - frozenset(string.ascii_uppercase)
"""Of ASCII what `_CAPITALISED` does not begin with."""


def with_titled_names(text: str, words: Sequence[Word]) -> list[Word]:
    """`words`, with those of names after a form of address, a relative or `a certain` judged to be of persons."""
    judged = list(words)
    for index, word in enumerate(words):
        if text[word.start] in _NO_CAPITALS and text[word.start : word.end] not in PARTICLES:
            continue  # most words: no name begins with them
        if _begins_name(text, words, index) and _INTRODUCES.search(
            text, max(0, words[index].start - _MAX_LENGTH), words[index].start
        ):
            for number in range(index, _end(text, words, index)):
                judged[number] = judged[number]._replace(person=max(judged[number].person, TITLED), location=0.0)
    return judged


def _begins_name(text: str, words: Sequence[Word], index: int) -> bool:
    """Whether the word is written like a name; after a particle, whether the next one is."""
    if _is_capitalised(text, words[index]):
        return True
    written = text[words[index].start : words[index].end]
    if written not in PARTICLES:
        return False
    following = index + 1
    while following < len(words) and text[words[following].start : words[following].end] in PARTICLES:
        following += 1
    return (
        following < min(len(words), index + 3)
        and _CAPITALISED.fullmatch(text, words[following].start, words[following].end) is not None
    )


def _is_capitalised(text: str, word: Word) -> bool:
    written = text[word.start : word.end]
    if not _CAPITALISED.fullmatch(written):
        return False
    lists, lowered = lexicon(), written.lower()
    return lowered not in lists.common_words or lowered in lists.surnames or lowered in lists.given_names


def _end(text: str, words: Sequence[Word], index: int) -> int:
    """The index after the last word of the name."""
    lists = lexicon()
    end = index + 1
    particle = text[words[index].start : words[index].end] in PARTICLES
    for number in range(index + 1, min(len(words), index + 2 * _MAX_WORDS)):
        gap = text[words[number - 1].end : words[number].start]
        written = text[words[number].start : words[number].end]
        if gap and not _BETWEEN.fullmatch(gap):
            break
        if _BETWEEN.fullmatch(written) or written in PARTICLES:
            particle = particle or written in PARTICLES or written == "-"
            continue
        known = written.lower() in lists.surnames or written.lower() in lists.given_names
        # German writes nouns like names: a second word must be known.
        capitalised = _CAPITALISED.fullmatch(written) is not None
        if not (capitalised and particle) and not (known and _is_capitalised(text, words[number])):
            break
        end, particle = number + 1, False
    return end
