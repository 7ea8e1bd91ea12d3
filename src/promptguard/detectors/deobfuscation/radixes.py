"""Runs in base58, the kinds of base85, and base32 in small letters and in its other alphabet."""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from promptguard.detectors.deobfuscation.encoded import text_of_bytes
from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

MIN = 25
"""Characters: twenty bytes in base85, eighteen in base58."""

MIN_OTHER = 60
"""Characters of a text beyond ASCII: shorter ones come about by chance."""

MAX_BASE58 = 2_048
"""Characters: it is one number, and takes time quadratic in its length."""

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Bitcoin's alphabet (draft-msporny-base58)."""
_DIGIT58 = {character: digit for digit, character in enumerate(_BASE58)}

_Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
"""ZeroMQ's alphabet (rfc.zeromq.org/spec/32)."""
_RFC1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_FROM_Z85 = str.maketrans(_Z85, _RFC1924)

WORDS = re.compile(r"[^\W\d_]{3}|[A-Z0-9]{12}|\d{8}")
_LETTERS = re.compile(rf"[A-Za-z0-9]{{{MIN},}}=*")
_TOKEN, _NEXT_TOKEN = re.compile(rf"\S{{{MIN},}}"), re.compile(rf"\s\S{{{MIN},}}")
"""White space is looked for faster than each of the characters of a token."""


class _Encoding(NamedTuple):
    kind: str
    run: re.Pattern[str]
    decode: Callable[[str], bytes]
    telling: re.Pattern[str]
    """What a run of it holds somewhere, and words and paths do not."""
    heads: str = ""
    """The first of five characters, where the first of four bytes is of ASCII."""
    gzip: str = ""
    """How gzip begins in it."""


def _from_base58(run: str) -> bytes:
    if len(run) > MAX_BASE58:
        return b""
    number = 0
    for character in run:
        number = number * 58 + _DIGIT58[character]
    return number.to_bytes((number.bit_length() + 7) // 8)


def _from_base32(run: str) -> bytes:
    run = run.upper().rstrip("=")
    return base64.b32decode(run + "=" * (-len(run) % 8))


def _from_base32hex(run: str) -> bytes:
    run = run.upper().rstrip("=")
    return base64.b32hexdecode(run + "=" * (-len(run) % 8))


def _run(alphabet: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(alphabet)}]{{{MIN},}}")


_MIXED = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)")
_SIGNS = re.compile(r"(?:.*?[!#$%&()*+;<=>?@^`{|}~]){3}", re.DOTALL)
_SIGNS_ASCII85 = re.compile(r"(?:.*?[!-/:-@\[-`]){3}", re.DOTALL)
_DIGITS = re.compile(r"(?:.*?[2-9]){3}")
_ASCII85 = "".join(map(chr, range(0x21, 0x76))) + "z"

_OF_LETTERS = (
    _Encoding("base58", re.compile(rf"(?<![A-Za-z0-9])[{_BASE58}]{{{MIN},}}(?![A-Za-z0-9])"), _from_base58, _MIXED),
    _Encoding("base32", re.compile(rf"(?<![A-Za-z0-9])[a-z2-7]{{{MIN},}}={{0,6}}"), _from_base32, _DIGITS),
    _Encoding(
        "base32hex",
        re.compile(rf"(?<![A-Za-z0-9])(?:[0-9A-V]{{{MIN},}}|[0-9a-v]{{{MIN},}})={{0,6}}"),
        _from_base32hex,
        _DIGITS,
    ),
)

_OF_SIGNS = (
    _Encoding("base85", _run(_RFC1924), base64.b85decode, _SIGNS, _RFC1924[10:42], "ABzY8"),
    _Encoding("z85", _run(_Z85), lambda run: base64.b85decode(run.translate(_FROM_Z85)), _SIGNS, _Z85[10:42], "abZy8"),
    _Encoding("ascii85", _run(_ASCII85), base64.a85decode, _SIGNS_ASCII85, _ASCII85[10:42], "+,^C)"),
)


def _find_letters(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    tokens = (token.span() for token in _LETTERS.finditer(text, max(starts[0] - 1, 0)))
    return _find(text, tokens, _OF_LETTERS, budget)


def _find_signs(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    begin = max(starts[0] - 1, 0)
    first = _TOKEN.match(text, begin)
    tokens = ((token.start() + 1, token.end()) for token in _NEXT_TOKEN.finditer(text, begin))
    return _find(text, itertools.chain([first.span()] if first else [], tokens), _OF_SIGNS, budget)


def _find(
    text: str, tokens: Iterable[tuple[int, int]], encodings: Sequence[_Encoding], budget: ExpansionBudget
) -> Iterator[Replacement]:
    found: list[Replacement] = []
    for start, end in tokens:
        for encoding in encodings:
            if not encoding.telling.match(text, start, end):
                continue  # what the whole lacks none of its runs has
            for run in encoding.run.finditer(text, start, end):
                if budget.left and encoding.telling.match(run[0]):
                    found += _read(run, encoding, budget)
    position = 0
    for each in sorted(found, key=lambda replacement: (replacement.start, -replacement.end)):
        if each.start >= position:
            position = each.end
            yield each


def _read(run: re.Match[str], encoding: _Encoding, budget: ExpansionBudget) -> Iterator[Replacement]:
    # Signs of these alphabets also stand around what is encoded.
    for start, end in ((0, 0), (1, 1), (0, 1), (1, 0)):
        inner = run[0][start : len(run[0]) - end]
        plain = _plain(inner, encoding.decode, budget) if _is_likely(inner, encoding) else None
        if plain is not None:
            yield Replacement(run.start() + start, run.end() - end, plain, encoding.kind)
            return
        if inner[:1].isalnum() and inner[-1:].isalnum():
            return


def _is_likely(run: str, encoding: _Encoding) -> bool:
    """Whether a run may hold a text by the first of each five characters: decoding takes long."""
    heads = run[:-5:5]
    likely = sum(map(encoding.heads.__contains__, heads))
    return not encoding.heads or run.startswith(encoding.gzip) or likely * 10 >= 9 * len(heads)


def _plain(run: str, decode: Callable[[str], bytes], budget: ExpansionBudget) -> str | None:
    try:
        data = decode(run)
    except (ValueError, binascii.Error, OverflowError):
        return None
    plain = text_of_bytes(data, budget) if len(data) >= MIN // 2 else None
    if plain is None or not WORDS.search(plain) or not (plain.isascii() or len(plain) > MIN_OTHER):
        return None
    budget.take(len(plain))
    return plain


RADIXES = Obfuscation(
    "radixes",
    ENCODINGS,
    (
        Prefilter(rf"[1-9A-HJ-NP-Za-km-z]{{{MIN}}}", MIN, Form.RUNS, once=True),
        Prefilter(rf"[a-z2-7]{{{MIN}}}", MIN, Form.RUNS, once=True),
        Prefilter(rf"[0-9A-Va-v]{{{MIN}}}", MIN, Form.RUNS, once=True),
    ),
    _find_letters,
)

BASE85 = Obfuscation(
    "base85",
    ENCODINGS,
    (
        # Base85 of ASCII: the first of five characters is one of 32, by the highest byte of four.
        Prefilter(r"[^A-Za-z0-9](?:[A-Za-f][!-~]{4}){5}", MIN, Form.TEXT, once=True),
        Prefilter(r"[^A-Za-z0-9](?:[a-zA-F][!-~]{4}){5}", MIN, Form.TEXT, once=True),
        Prefilter(r"[^A-Za-z0-9](?:[+-J][!-u]{4}){5}", MIN, Form.TEXT, once=True),
        Prefilter(r"ABzY8", 5, Form.TEXT, once=True),  # gzip in RFC 1924's alphabet, …
        Prefilter(r"abZy8", 5, Form.TEXT, once=True),  # … in ZeroMQ's, …
        Prefilter(r"\+,\^C\)", 5, Form.TEXT, once=True),  # … and in Adobe's
    ),
    _find_signs,
)
