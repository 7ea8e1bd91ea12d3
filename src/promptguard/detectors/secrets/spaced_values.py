"""Passwords with spaces that stand without quotation marks on a line of their own: `password: Kz7 q9!x`.

Where words follow a password on its line, they go on about it: only what ends in letters mixed with digits or signs is
taken for one password to its end.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.secrets import secret_literals, spoken_words

MAX_LENGTH: Final = 64

_LINE: Final = re.compile(
    r"([^\s\"'`<>]{2,24})[ ]([^\s\"'`<>]{2,24})(?:[ ]([^\s\"'`<>]{2,24}))?(?=[ \t]*\|?[ \t]*\r?(?:\n|\Z))"
)
_ENDS_SENTENCE: Final = re.compile(r"[.,:;?]\Z|\A[(\[{]|[)\]}]\Z|://|@|=")


def end_of_spaced(text: str, start: int) -> int:
    """Where a password of two or three pieces that starts at `start` ends with its line; 0 where there is none."""
    line = _LINE.match(text, start, start + MAX_LENGTH)
    if line is None:
        return 0
    pieces = [piece for piece in line.groups() if piece]
    if any(_speaks(piece) for piece in pieces) or not _is_strong(pieces[-1]):
        return 0
    return line.end(len(pieces))


def score(value: str) -> float:
    """The score of a password with spaces and without quotation marks."""
    return secret_literals.quoted_password(value) or (secret_literals.LIKELY if end_of_spaced(value, 0) else 0.0)


def _speaks(piece: str) -> bool:
    """Whether it is a word of a sentence about the password."""
    lowered = piece.lower()
    if lowered in spoken_words.STOP or lowered in secret_literals.FUNCTION_WORDS or lowered in secret_literals.STATES:
        return True
    return _ENDS_SENTENCE.search(piece) is not None


def _is_strong(piece: str) -> bool:
    return spoken_words.password_score(piece) >= secret_literals.LIKELY or (
        len(piece) < spoken_words.MIN_LENGTH and secret_literals.mixes_kinds(piece)
    )
