"""Encoded words of headers: `=?utf-8?Q?pass=77ord?=` (RFC 2047), as people paste them with a mail's source.

White space between two of them stands for nothing, so that a word may be cut anywhere.
"""

from __future__ import annotations

import binascii
import itertools
import operator
import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

MAX_CHARSET: Final = 64
"""Characters before the letter of the encoding."""

_WORD: Final = re.compile(
    r"=\?(?P<charset>[A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{1,20})?\?(?P<encoding>[BbQq])\?(?P<text>[^?\r\n]{0,1000})\?="
)
"""RFC 2047 2 and RFC 2231 5. Seventy-five characters are allowed; programs take longer ones, and spaces in Q, too."""

_BETWEEN: Final = re.compile(r"(?:\r?\n)?[ \t]{1,8}(?==\?[A-Za-z0-9_.:+*-]{1,61}\?[BbQq]\?)")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        begin = text.rfind("=?", max(position, start - MAX_CHARSET), start)
        match = _WORD.match(text, begin) if begin >= 0 else None
        if match is None:
            continue
        words: list[tuple[str, bytes]] = []
        while match is not None:
            position = match.end()
            words.append((match["charset"].lower(), _decoded(match)))
            between = _BETWEEN.match(text, position)
            match = _WORD.match(text, between.end() if between else position)
        decoded = _text(words)
        budget.take(len(decoded))
        yield Replacement(begin, position, decoded, "encoded words")


def _decoded(match: re.Match[str]) -> bytes:
    data = match["text"].encode("utf-8", "surrogatepass")
    if match["encoding"] in "Qq":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"===")
    except binascii.Error:
        return b""


def _text(words: Sequence[tuple[str, bytes]]) -> str:
    """What the words say. Where a character was cut, the bytes of one charset belong together."""
    parts = []
    for charset, group in itertools.groupby(words, key=operator.itemgetter(0)):
        data = b"".join(part for _, part in group)
        try:
            parts.append(data.decode(charset, "replace"))
        except (LookupError, ValueError):  # an unknown charset, or one that is no text encoding
            parts.append(data.decode("utf-8", "replace"))
    return "".join(parts)


ENCODED_WORDS = Obfuscation("encoded words", ENCODINGS, (Prefilter(r"[A-Za-z0-9]\?[BbQq]\?", 3),), _find)
