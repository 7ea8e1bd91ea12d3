"""What a value looks like, without the value: for the audit record."""

from __future__ import annotations

import itertools

MAX_SHAPE_LENGTH = 40
"""Characters; longer shapes end in `…`."""

_MAX_RUN_LENGTH = 3


def masked_shape(value: str) -> str:
    """`value` with letters as `a` and `A`, digits as `9`, punctuation kept, and runs of more than three cut with `…`.

    `Jane.Doe@example.com` is `Aaaa.Aaa@aaa….aaa`: enough to tell an address from a card, too little to tell whose.
    """
    # Enough for a full shape whatever the runs; a value may be a whole document.
    kinds = map(_kind, value[: 100 * MAX_SHAPE_LENGTH])
    parts = []
    for kind, run in itertools.groupby(kinds):
        length = sum(1 for _ in run)
        parts.append(kind * min(length, _MAX_RUN_LENGTH) + ("…" if length > _MAX_RUN_LENGTH else ""))
    shape = "".join(parts)
    return shape if len(shape) <= MAX_SHAPE_LENGTH else shape[: MAX_SHAPE_LENGTH - 1] + "…"


def _kind(character: str) -> str:
    if character.isupper():
        return "A"
    if character.isalpha():
        return "a"
    if character.isnumeric():
        return "9"
    if character.isspace():
        return " "
    # Of other scripts' marks and of invisible characters only the presence is kept.
    return character if character.isascii() and character.isprintable() else "?"
