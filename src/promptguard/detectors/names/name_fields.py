"""What may be a person's given name and surname where the place says that names stand there: in rows, heads, rotas."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.reference.gazetteer import gazetteer
from promptguard.detectors.stems import word_set

WORD: Final = r"[^\W\d_a-z][^\W\d_]{0,30}(?:['’\-][^\W\d_]{1,30}){0,3}"
"""A word with a capital, bounded so that to look for it stays linear."""
SURNAME: Final = rf"(?:(?:[a-z]{{1,3}}[ ]){{0,2}}|[^\W\d_]['’])?{WORD}(?:[ ]{WORD})?"
GIVEN: Final = rf"{WORD}(?:[ ](?:{WORD}|[^\W\d_a-z]\.))?"

_NO_NAMES: Final = word_set(
    "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday"
    " jan feb mar apr jun jul aug sep sept oct nov dec january february march april june july august september october"
    " november december montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi"
    " samedi dimanche call meet meeting lunch dinner visit ask see with room dr mr mrs ms prof email mail ring phone"
    " interview shift early late night day morning noon evening team tel fax and or the from to cc bcc re fw fwd hi"
    " hello hey dear hallo hola bonjour ciao hej yes no ok order item product name total new old male female divers"
    " street road avenue lane north south east west upper lower san santa los las saint lake mount port fort new"
)


def is_given_name(written: str) -> bool:
    """Whether the first word is a listed given name, and no word of the language."""
    first = re.split(r"[ -]", written, maxsplit=1)[0].lower()
    lists = lexicon()
    return first in lists.given_names and first not in lists.common_words and first not in _NO_NAMES


def are_places(*written: str) -> bool:
    """Whether all are names of places, though people may bear them: `Paris, France`."""
    return all((place := gazetteer().at(each, 0)) is not None and place.end == len(each) for each in written)


def may_be_given_name(written: str) -> bool:
    """Whether it is listed, or no word of the language and no place: what stands where nothing but a name does."""
    if is_given_name(written):
        return True
    words = re.findall(r"[^\W\d_]+", written)
    known = any(word.lower() in lexicon().common_words or word.lower() in _NO_NAMES for word in words)
    return not written.isupper() and not known and gazetteer().at(written, 0) is None


def may_be_surname(written: str) -> bool:
    """Whether nothing speaks against a surname: no day, no verb of a diary, no place, no product."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", written)]
    if not words or any(word in _NO_NAMES for word in words) or (written.isupper() and len(written) < 3):
        return False
    place = gazetteer().at(written, 0)
    is_place = place is not None and place.end == len(written) and not place.ambiguous
    return words[-1] in lexicon().surnames or not (is_place or words[-1] in lexicon().common_words)
