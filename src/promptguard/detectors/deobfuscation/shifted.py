"""ASCII written in the shifted parts of seven-bit encodings: `+AHA-` (UTF-7), `~{#p~}` (HZ), `ESC $ B # p` (ISO 2022).

Such text is ASCII itself, so that a reader who knows the encoding sees another text than one who does not.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

_UTF_7 = re.compile(r"[+&](?P<run>A[A-H][A-Za-z0-9+/,]+)-?")
"""RFC 2152; `&` and `,` in the names of mailboxes (RFC 3501, 5.1.3). ASCII begins with `AA` to `AH`."""

_DOUBLE = re.compile(r"(?:~\{|\x1b\$\(?[@AB]|\x1b\$\)[ACGE]\x0e?)(?P<pairs>(?:#[!-~]|!!)+)(?:~\}|\x1b\([BJ]|\x0f)?")
"""RFC 1843 and RFC 1468: row 3 of the character sets holds the full-width forms of ASCII; `!!` is its space."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        shifted = _UTF_7.match(text, start)
        match = shifted or _DOUBLE.match(text, start)
        if match is None:
            continue
        plain = _utf_7(match["run"]) if shifted else _single(match["pairs"])
        if plain:
            position = match.end()
            budget.take(len(plain))
            yield Replacement(start, position, plain, "shifted encoding")


def _utf_7(run: str) -> str:
    """The text of a run; empty where it is none that people write."""
    if len(run) * 6 % 16 >= 6:
        return ""  # there are no more bits than fill the last character
    run = run.replace(",", "/")
    try:
        data = base64.b64decode(run + "=" * (-len(run) % 4))
    except (binascii.Error, ValueError):
        return ""
    text = data[: len(data) // 2 * 2].decode("utf-16-be", "replace")
    good = sum(character.isprintable() or character in "\t\r\n" for character in text)
    return text if text and text[0].isascii() and good * 10 >= 9 * len(text) and "\ufffd" not in text else ""


def _single(pairs: str) -> str:
    return "".join(" " if first == "!" else second for first, second in zip(pairs[::2], pairs[1::2], strict=True))


SHIFTED = Obfuscation(
    "shifted",
    ENCODINGS,
    (
        Prefilter(r"[+&]A[A-H][A-Za-z0-9+/,]", 4),
        Prefilter(r"~\{#", 3),
        Prefilter(r"\x1b\$[@AB]#", 4),
        Prefilter(r"\x1b\$\([@AB]#", 5),
        Prefilter(r"\x1b\$\)[ACGE]#", 5),
        Prefilter(r"\x1b\$\)[ACGE]\x0e#", 6),
    ),
    _find,
)
