"""Numbers as text: what digits a number has, however it is written (RFC 8259, section 6)."""

from __future__ import annotations

import re
from typing import Final

from promptguard.wire.documents.json_source import Number

MIN_DIGITS: Final = 9
"""Digits from which any number is listed as text: telephone, account and card numbers are longer, counters are not."""

MIN_NAMED_DIGITS: Final = 4
"""The same for whole numbers under a name of their own: `"pin": 8374`."""

MAX_DIGITS: Final = 40
"""Digits of a whole number that is written with an exponent or a fraction; a longer one is no number of anything."""

MAX_PIECES: Final = 20
"""Elements of an array that may be the pieces of one number."""

MIN_JOINED: Final = 12
"""Digits of such pieces together."""

_NUMBER: Final = re.compile(r"-?(?P<whole>\d+)(?:\.(?P<fraction>\d+))?(?:[eE](?P<exponent>[+-]?\d{1,6}))?")
"""Exponents of more digits make no number that a double holds (but 0)."""


def digits(literal: str) -> str:
    """The digits of a number that is whole, without sign, fraction and exponent; empty for any other."""
    match = _NUMBER.fullmatch(literal)
    if match is None:
        return ""
    whole, fraction = match["whole"], match["fraction"] or ""
    if not fraction and not match["exponent"]:
        return whole
    shift = int(match["exponent"] or 0) - len(fraction)
    mantissa = (whole + fraction).lstrip("0")
    if shift < 0:
        kept, cut = mantissa[:shift], mantissa[shift:]
        return kept if len(kept) <= MAX_DIGITS and not cut.strip("0") else ""
    return mantissa + "0" * shift if len(mantissa) + shift <= MAX_DIGITS else ""


def text_of(number: object, *, named: bool = True) -> str:
    """What of a number is searched: its digits where it is whole, and else the literal.

    Empty where it is short, and for what is no number.

    Args:
        number: as `json_source.parse` gives it.
        named: it stands under a name of its own.
    """
    literal = _literal(number)
    whole = digits(literal)
    if whole:
        return whole if len(whole) >= (MIN_NAMED_DIGITS if named else MIN_DIGITS) else ""
    return literal if sum(map(str.isdigit, literal)) >= MIN_DIGITS else ""


def joined(pieces: list[object], *, named: bool) -> str:
    """The one number that an array of numbers spells: a digit an element, or in groups of four; empty for none."""
    if not 3 <= len(pieces) <= MAX_PIECES:
        return ""
    spelled = [whole for each in pieces if (whole := _whole(each))]
    if len(spelled) < len(pieces):
        return ""
    if all(len(each) == 1 for each in spelled):
        return "".join(spelled) if named and len(spelled) >= MIN_JOINED else ""
    if len(spelled) not in (4, 5) or len(spelled[0]) != 4 or any(len(each) > 4 for each in spelled):
        return ""
    # A number has no zeros before it, which a group may have had.
    return " ".join([*(each.zfill(4) for each in spelled[:4]), *spelled[4:]])


def _whole(piece: object) -> str:
    literal = _literal(piece)
    return literal if literal.isdigit() else ""


def _literal(number: object) -> str:
    if isinstance(number, Number):
        return number.literal
    return repr(number) if isinstance(number, int | float) and not isinstance(number, bool) else ""
