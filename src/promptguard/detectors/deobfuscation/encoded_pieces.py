"""Base64 and hexadecimal in pieces of equal length: with a space after every four characters, on short or numbered
lines, in a list of strings."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.encoded import plausible
from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "base64 in pieces"

MIN_LENGTH = 20
"""Characters of all pieces together: fifteen bytes."""
MAX_LENGTH = 65_536

_GAP = r"(?:[\"'],?\s{0,16}(?:[+.&]\s{0,8})?[\"']|,?[ ]|[ ]{0,4}\r?\n[ \t>|]{0,16}(?:\d{1,4}[.:)]?[ \t]{1,4})?[\"']?)"
"""What stands between pieces: quotes with a comma, a space, a line's end and its number."""
_PIECE = re.compile(r"[A-Za-z0-9+/_-]+")
_NEXT = re.compile(rf"(?P<gap>{_GAP})(?P<piece>[A-Za-z0-9+/_-]+={{0,2}})")
_MAX_PIECE_LENGTH = 76
"""Characters of a line (RFC 2045 6.8)."""
_HEX = re.compile(r"[0-9A-Fa-f]+")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        start = _begin(text, start, position)
        run, end = _run(text, start)
        plain = _decoded(run) if len(run) >= MIN_LENGTH else None
        position = end
        if plain is not None:
            budget.take(len(plain))
            yield Replacement(start, end, plain, KIND)


def _begin(text: str, end: int, earliest: int) -> int:
    """Where the piece begins that ends at `end`, if one ends there."""
    start = end
    while start > earliest and end - start < _MAX_PIECE_LENGTH and _PIECE.match(text, start - 1):
        start -= 1
    return start


def _run(text: str, start: int) -> tuple[str, int]:
    """The pieces from `start` on put together, and where the last one ends: all are equally long but for the last."""
    first = _PIECE.match(text, start)
    if first is None:
        return "", start + 1
    pieces, end = [first.group()], first.end()
    width = len(pieces[0])
    while (more := _NEXT.match(text, end)) and len(more["piece"]) <= width and end - start < MAX_LENGTH:
        pieces.append(more["piece"])
        end = more.end()
        if len(more["piece"]) < width or more["piece"].endswith("="):
            break
    return ("".join(pieces), end) if len(pieces) > 1 else ("", end)


def _decoded(run: str) -> str | None:
    if _HEX.fullmatch(run):
        data = bytes.fromhex(run[: len(run) // 2 * 2])
        if (plain := plausible(data)) is not None:
            return plain
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    run = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return plausible(binascii.a2b_base64(run + "=" * (-len(run) % 4)))
    except binascii.Error:
        return None


# As in `encoded`: how four characters of base64 of ASCII text begin. Words of four letters are so once in dozens.
_GROUP = "[C-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]"
_ANY = "[A-Za-z0-9+/_-]"


def _prefilters() -> Iterator[Prefilter]:
    """All but those of pieces of four end behind the first piece: it may have any length."""
    yield Prefilter(f"[^A-Za-z0-9]{_GROUP} {_GROUP} {_GROUP} {_GROUP}[ \n]", 20)
    for lead, tail in (
        ("[^A-Za-z0-9]", f" (?:{_GROUP}){{2}}[ \n]"),
        ("\n", f"{_ANY}{{0,5}}\n"),
        ("\n[>]? {1,4}", f"{_ANY}{{0,5}}\n"),
        ("\n {0,4}[0-9]{1,3}[.:)]? {1,4}", f"{_ANY}{{0,68}}\n"),
        ("[\"']", f"{_ANY}{{0,68}}[\"'],"),
    ):
        yield Prefilter(f"{lead}(?:{_GROUP}){{2}}{tail}", 10 if " (" in tail else 2)
    pair = "[2-7][0-9A-Fa-f]"
    yield Prefilter(f"[^A-Za-z0-9](?:{pair}{pair} ){{4}}", 20)
    yield Prefilter(f"[^A-Za-z0-9](?:(?:{pair}){{4}} ){{2}}", 18)


ENCODED_PIECES = Obfuscation("encoded pieces", ENCODINGS, tuple(_prefilters()), _find)
