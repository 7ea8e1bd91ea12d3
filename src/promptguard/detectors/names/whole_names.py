"""The rest of a person's name that a model has found a part of: the other half, initials, nicknames, suffixes."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lexicon.sentence_words import calendar, language_of, peoples, products
from promptguard.detectors.names.lexicon.word_table import is_word_beyond_english
from promptguard.detectors.names.name_edges import is_title
from promptguard.detectors.names.no_names import is_sentence_word
from promptguard.detectors.names.organisations import COMPANY, names_organisation
from promptguard.detectors.names.person_cues import speaks_of_people
from promptguard.detectors.names.place_evidence import machine_words
from promptguard.detectors.reference.gazetteer import gazetteer

_SURNAME = r"[A-Z\u00c0-\u00de\u0100-\u024f][^\W\d_]{1,30}(?:[-'’][^\W\d_]{1,30})?"

_INITIAL_AND_SURNAME: Final = re.compile(rf"[ \t](?:[A-Z](?:\.[ \t]?|[ \t])){{1,3}}({_SURNAME})")
"""The second half of `Ana K. Example`: the initial says that what follows is a surname, whatever the model thinks
of it."""
_NICKNAME: Final = re.compile(
    rf"[ ][(\"'`‘“„«][ ]?[^\W\d_][\w .-]{{0,24}}[)\"'’“”»][ ](?:(?:van|von|de|da|di)[ ])?{_SURNAME}"
)
"""The rest of `Ana (Anny) Example`, `Ana "The Hat" Example`."""
_SUFFIX: Final = re.compile(
    r",?[ ](?:Jr|Sr|II|III|IV|Ph\.?[ ]?D|M\.?[ ]?D|D\.?D\.?S|D\.?V\.?M|D\.?O|R\.?N|Esq|MBA|M\.?Sc|B\.?Sc|LL\.?[BM]"
    r"|CPA|PMP|OBE|MBE)"
    r"(?![\w-])\.?"
)
"""Generations and degrees. They stand after the name of somebody, and leave with it."""

_WORD_BEFORE: Final = re.compile(
    r"(?<![\w@#$./\\'’-])([A-Z\u00c0-\u00de\u0100-\u024f][^\W\d_A-Z]{2,20}(?:-[A-Z][^\W\d_A-Z]{1,20})?)[ ]"
    r"((?:Lo|Li|Di|Del|Della|Dalla|Dal|Van|Von|El)[ ])?\Z"
)
_MAX_BEFORE: Final = 48
_PARTICLE_BEFORE: Final = re.compile(r"(?<![\w'’-])(?:Lo|Li|Di|Dalla|Dal|Della|Van|Von)[ ]\Z")
"""What Italian and Flemish surnames begin with."""
_WORD_AFTER: Final = re.compile(
    r"[ ]([A-Z\u00c0-\u00de\u0100-\u024f][^\W\d_A-Z]{2,24}(?:-[A-Z][^\W\d_A-Z]{1,20})?)(?![\w@(/\\])"
)


_COMPOUNDING: Final = frozenset({"", "de", "nl"})
_ADDRESSES: Final = re.compile(
    r"h[ae]llo|hi|hey|hej|hola|ciao|salve|bonjour|bonsoir|salut|olá|oi|buongiorno|buenas|kære|caro|cara|querid[oa]|cher"
    r"|chère|don|doña|dom|dona|maître|dottor|[a-z]*(?:holder|keeper|owner|leader|lord|lady|worker|man|woman)"
)
"""Greetings, forms of address and what English calls people by."""


def beginning_of_name(text: str, start: int, end: int) -> int:
    """Where the name text[start:end] begins, with a given name before it that the model has overlooked.

    A surname alone stands there, and before it a word that is none of a language, of products or of places.
    """
    content = text[start:end]
    first = content.split()[0]
    if not content[0].isalpha() or _is_given(first) or content.isupper():
        return start
    low = max(0, start - _MAX_BEFORE)
    before = _WORD_BEFORE.search(text, low, start)
    if before and _may_be_name(text, before[1]) and (_is_given(before[1]) or _is_no_form_of_address(text, before[1])):
        return before.start()
    if content[0].isupper() and (particle := _PARTICLE_BEFORE.search(text, low, start)):
        return particle.start()
    return start


def with_surname(text: str, start: int, end: int) -> int:
    """Where the name text[start:end] ends, with a surname after a lone given name, likewise."""
    content = text[start:end]
    if " " in content or not content[0].isupper() or content.isupper() or not _is_given(content):
        return end
    after = _WORD_AFTER.match(text, end)
    if after is None or not _may_be_name(text, after[1]) or names_organisation(text, after.end()):
        return end
    return after.end()


def _is_given(word: str) -> bool:
    return word.lower() in lexicon().given_names


def _is_no_form_of_address(text: str, written: str) -> bool:
    """Whether an unlisted word before a name is no `Kollege`, `Buurvrouw` or `Ciao`; German and Dutch make new ones."""
    language = language_of(text)
    word = written.lower()
    return language not in _COMPOUNDING and not speaks_of_people(word) and not _ADDRESSES.fullmatch(word)


def _may_be_name(text: str, written: str) -> bool:
    word = written.lower()
    lists = lexicon()
    if is_title(word) or word in calendar() or word in peoples() or word in products() or word in machine_words():
        return False
    if COMPANY.fullmatch(written) or is_sentence_word(text, word):
        return False
    if word in lists.common_words or is_word_beyond_english(word):
        return False
    if word in lists.given_names or word in lists.surnames:
        return True
    place = gazetteer().at(written, 0)
    return place is None or place.end < len(written)


def end_of_name(text: str, start: int, end: int) -> int:
    """Where the name text[start:end] ends, with what belongs to it after it."""
    content = text[start:end]
    if not content[0].isupper():
        return end
    if (found := _INITIAL_AND_SURNAME.match(text, end)) or (
        " " not in content and (found := _NICKNAME.match(text, end))
    ):
        end = found.end()
    while " " in text[start:end] and (found := _SUFFIX.match(text, end)):
        # A full stop may end the sentence as well; then it stays.
        end = found.end() - (found[0].endswith(".") and not text[found.end() : found.end() + 2].strip())
    return end
