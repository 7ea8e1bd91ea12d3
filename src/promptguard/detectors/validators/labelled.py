"""Checks of values that a label tells: not of what they are, but that they are something."""

from __future__ import annotations

import re

import phonenumbers

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.validators.checksums import digits_of
from promptguard.detectors.validators.registry import validator

MIN_DIGITS = 5

_DATE = re.compile(r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}\D?|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_FICTION = re.compile(r"(?:\d{3})?55501\d{2}")
"""North American numbers for films and manuals (NANPA, 555 line numbers)."""

_TYPES = "string str text varchar char nvarchar none null nil undefined true false any list dict array int integer"
_TYPES += " number boolean bool object schema column type enum"
_PLACEHOLDERS = (
    "unknown required optional placeholder test example sample demo admin root default missing redacted hidden"
)
_PLACEHOLDERS += " anonymous tbd todo n/a na empty enter your please the this that here and or of to in is"
_LABELS = (
    "field value input name names first last full middle given family user username email mail phone address label"
)
_LABELS += " person customer client company order product file host server service group project data id key"
_NO_NAMES = frozenset(f"{_TYPES} {_PLACEHOLDERS} {_LABELS}".split())
"""What stands where a name would: types, placeholders, other labels."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@validator("identity_number")
def identity_number(match_text: str) -> bool | None:
    """Enough digits, not all the same, no date, no address."""
    digits = digits_of(match_text)
    if len(digits) < MIN_DIGITS or len(set(digits)) < 2:
        return False
    return False if _DATE.fullmatch(match_text) or _IP.fullmatch(match_text) else None


@validator("labelled_phone")
def labelled_phone(match_text: str) -> bool | None:
    """Seven to fifteen digits (ITU-T E.164) that are neither a date, an address nor a number for films."""
    digits = "".join(map(str, digits_of(match_text)))
    if not 7 <= len(digits) <= 15 or len(set(digits)) < 3:
        return False
    if _DATE.match(match_text) or _IP.fullmatch(match_text) or _FICTION.fullmatch(digits[-10:]):
        return False
    return None


@validator("dialled_phone")
def dialled_phone(match_text: str) -> bool | None:
    """A number with its country code, after a prefix for calls abroad or none, that its numbering plan has."""
    digits = "".join(map(str, digits_of(match_text)))
    for prefix in ("", "0011", "011", "010", "001", "002", "009", "810", "00"):
        if digits.startswith(prefix) and _is_in_a_plan(digits[len(prefix) :]):
            return None
    return False


def _is_in_a_plan(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


@validator("labelled_name")
def labelled_name(match_text: str) -> bool | None:
    """Words of which none is a type or a placeholder, and that are names, or at least no words of the language."""
    words = _WORD.findall(match_text)
    if not words or any(word.lower() in _NO_NAMES for word in words):
        return False
    if not words[0][0].isascii() and words[0].lower() == words[0].upper():
        return None  # a script without capitals: the lists do not know it
    known = lexicon()
    names = [word.lower() in known.given_names or word.lower() in known.surnames for word in words]
    if match_text == match_text.lower():
        return None if names[0] and words[0] not in known.common_words else False
    strange = [word.lower() not in known.common_words for word in words]
    return None if all(strange) or (any(names) and any(strange)) or (len(words) < 3 and all(names)) else False
