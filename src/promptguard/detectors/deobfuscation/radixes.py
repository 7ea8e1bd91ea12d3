"""Runs in base58, the kinds of base85, base32 in small letters and in its other alphabet, and uuencoded lines."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Sequence
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

_WORDS = re.compile(r"[^\W\d_]{3}|[A-Z0-9]{12}|\d{8}")
_TOKEN = re.compile(rf"\S{{{MIN},}}")
_UU_LINE = re.compile(r"(?m)^[!-M][ -`]{8,84}$")


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

_ENCODINGS = (
    _Encoding("base58", re.compile(rf"(?<![A-Za-z0-9])[{_BASE58}]{{{MIN},}}(?![A-Za-z0-9])"), _from_base58, _MIXED),
    _Encoding("base32", re.compile(rf"(?<![A-Za-z0-9])[a-z2-7]{{{MIN},}}={{0,6}}"), _from_base32, _DIGITS),
    _Encoding(
        "base32hex",
        re.compile(rf"(?<![A-Za-z0-9])(?:[0-9A-V]{{{MIN},}}|[0-9a-v]{{{MIN},}})={{0,6}}"),
        _from_base32hex,
        _DIGITS,
    ),
    _Encoding("base85", _run(_RFC1924), base64.b85decode, _SIGNS, _RFC1924[10:42], "ABzY8"),
    _Encoding("z85", _run(_Z85), lambda run: base64.b85decode(run.translate(_FROM_Z85)), _SIGNS, _Z85[10:42], "abZy8"),
    _Encoding("ascii85", _run(_ASCII85), base64.a85decode, _SIGNS_ASCII85, _ASCII85[10:42], "+,^C)"),
)


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    found = [*_uuencoded(text, budget)]
    for token in _TOKEN.finditer(text, max(starts[0] - 1, 0)):
        for encoding in _ENCODINGS:
            for run in encoding.run.finditer(text, token.start(), token.end()):
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
    if plain is None or not _WORDS.search(plain) or not (plain.isascii() or len(plain) > MIN_OTHER):
        return None
    budget.take(len(plain))
    return plain


def _uuencoded(text: str, budget: ExpansionBudget) -> Iterator[Replacement]:
    """Lines that say how many bytes they hold, one after the other."""
    start, end, data = 0, -1, b""
    for line in _UU_LINE.finditer(text):
        size = ord(line[0][0]) - 0x20
        if len(line[0].rstrip()) - 1 > -(-size // 3) * 4 or -(-size // 3) * 4 > len(line[0]) + 2:
            continue
        if line.start() != end + 1:
            yield from _uuencoded_run(start, end, data, budget)
            start, data = line.start(), b""
        end = line.end()
        try:
            data += binascii.a2b_uu(line[0])
        except binascii.Error:
            continue
    yield from _uuencoded_run(start, end, data, budget)


def _uuencoded_run(start: int, end: int, data: bytes, budget: ExpansionBudget) -> Iterator[Replacement]:
    plain = text_of_bytes(data, budget) if len(data) >= 6 else None
    if plain is not None and _WORDS.search(plain):
        yield Replacement(start, end, plain, "uuencoded")


RADIXES = Obfuscation(
    "radixes",
    ENCODINGS,
    (
        # Base85 of ASCII: the first of five characters is one of 32, by the highest byte of four.
        Prefilter(r"[^A-Za-z0-9](?:[A-Za-f][!-~]{4}){5}", MIN, Form.TEXT, once=True),
        Prefilter(r"[^A-Za-z0-9](?:[a-zA-F][!-~]{4}){5}", MIN, Form.TEXT, once=True),
        Prefilter(r"[^A-Za-z0-9](?:[+-J][!-u]{4}){5}", MIN, Form.TEXT, once=True),
        Prefilter(r"ABzY8", 5, Form.TEXT, once=True),  # gzip in RFC 1924's alphabet, …
        Prefilter(r"abZy8", 5, Form.TEXT, once=True),  # … in ZeroMQ's, …
        Prefilter(r"\+,\^C\)", 5, Form.TEXT, once=True),  # … and in Adobe's
        Prefilter(rf"[1-9A-HJ-NP-Za-km-z]{{{MIN}}}", MIN, Form.RUNS, once=True),
        Prefilter(rf"[a-z2-7]{{{MIN}}}", MIN, Form.RUNS, once=True),
        Prefilter(rf"[0-9A-Va-v]{{{MIN}}}", MIN, Form.RUNS, once=True),
        Prefilter(r"\n[!-M][ -`]{20}", 21, Form.TEXT, once=True),
    ),
    _find,
)
