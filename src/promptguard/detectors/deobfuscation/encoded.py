"""Runs of base64, base32, hexadecimal and ascii85 that hold text, compressed or not.

A run stands for its text as a whole: a part of it cannot be replaced without breaking the rest.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import re
from collections.abc import Callable, Iterator, Sequence

from promptguard.detectors.deobfuscation.compression import decompress, is_compressed, looks_deflated
from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    MIN_RUN_LENGTH,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.texts_in_bytes import texts_in

MAX_DECOMPRESSED = 512 * 1024
RATIO = 32
"""Of a compressed run that many bytes are looked at, or `RATIO` times its length if that is more."""

COMPRESSED_IN_COMPRESSED = 3
"""How often what was compressed is compressed again at most."""
MIN_BASE64_LENGTH = MIN_RUN_LENGTH
"""Characters, without padding: ten bytes."""

_LONG = 40
_LONG_RUNS = re.compile(rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{{_LONG}}}")
"""What is looked at whatever it begins like: text in other scripts, texts among other bytes, compressed data."""

_HEAD = 64
"""Characters of a run that are tried before all of it is decoded."""

# A line end within a run is followed by more of it; quoted mail and YAML blocks indent it.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+(?:\\?\r?\n[ \t>]{0,16}[A-Za-z0-9+/_-]+)*={0,2}")
_BASE32 = re.compile(r"[A-Z2-7]+(?:\r?\n[ \t>]{0,16}[A-Z2-7]+)*={0,6}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+(?:\r?\n[ \t>]{0,16}(?:[0-9A-Fa-f]{2})+)*")
_ASCII85 = re.compile(r"<~[!-uz\s]+(?:~>)?")
_LINE_ENDS = re.compile(r"[\s>\\]+")

_NAMED = re.compile(r"\s*[^\W\d_][\w -]{1,40}[:=][ ]?\S")
"""Text that says itself what it holds: `password: …`."""
_JOINING = frozenset(",;./+-_&")
_ORDINARY = bytes(range(0x20, 0x7F)) + b"\t\n\r"


def plausible(data: bytes) -> str | None:
    """The text that `data` holds; None where it is none: neither UTF-8 nor UTF-16, or not what people write."""
    if len(data) < 6:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _utf16(data)
    if data.count(0) * 3 > len(data):
        return _utf16(data)
    if data.isascii():
        return text if len(data.translate(None, _ORDINARY)) * 20 <= len(data) else None
    signs = sum(character.isalnum() or character in " \t\r\n.,:;@'\"!?-_/()" for character in text[:400])
    return text if signs * 10 >= 8 * min(len(text), 400) else None


def _utf16(data: bytes) -> str | None:
    """The text in UTF-16 data that is mostly of Latin script: any bytes are some characters in UTF-16."""
    big, little = data[0::2].count(0), data[1::2].count(0)
    if max(big, little) * 20 < 9 * len(data):
        return None
    try:
        text = data[: len(data) // 2 * 2].decode("utf-16-be" if big > little else "utf-16-le").lstrip("\ufeff")
    except UnicodeDecodeError:
        return None
    return (
        text
        if sum(character.isprintable() or character.isspace() for character in text) * 20 >= 19 * len(text)
        else None
    )


def _promising(decode: Callable[[str], bytes], head: str) -> bool:
    """Whether the first characters of a run look like text or compressed data."""
    data = _decoded(decode, head)
    if is_compressed(data) or plausible(_cut_utf8(data)) is not None:
        return True
    if "\n" not in head and texts_in(data, 0):
        return True
    return looks_deflated(data) and len(head) >= _HEAD and bool(decompress(data, 32))


def _text_of(decode: Callable[[str], bytes], run: str, budget: ExpansionBudget) -> str | None:
    """The text that a run holds, or the texts in it, decompressed where need be."""
    return text_of_bytes(_decoded(decode, run), budget, len(run))


def text_of_bytes(data: bytes, budget: ExpansionBudget, length: int = 0) -> str | None:
    """The text that bytes hold which stand encoded in a run of `length` characters; of their own where it is 0."""
    length = length or len(data)
    return _whole_text(data, length, budget) or texts_in(data, min(max(MAX_DECOMPRESSED, RATIO * length), budget.left))


def _whole_text(data: bytes, length: int, budget: ExpansionBudget) -> str | None:
    if not is_compressed(data) and (text := plausible(data)) is not None:
        return text
    for _ in range(COMPRESSED_IN_COMPRESSED):
        limit = min(max(MAX_DECOMPRESSED, RATIO * length), budget.left)
        inflated = decompress(data, limit)
        if is_compressed(data) and len(inflated) >= limit:
            budget.exceeded = True
        # Whatever was tried counts: trying costs as much as finding.
        budget.take(len(inflated))
        if not is_compressed(inflated):
            break
        data = inflated
    return plausible(_cut_utf8(inflated))


def _decoded(decode: Callable[[str], bytes], run: str) -> bytes:
    try:
        return decode(run)
    except (ValueError, binascii.Error):
        return b""


def _cut_utf8(data: bytes) -> bytes:
    """`data` without a character of UTF-8 that was cut off at its end."""
    for back in range(1, min(4, len(data) + 1)):
        if data[-back] >= 0xC0:
            return data[:-back]
        if data[-back] < 0x80:
            break
    return data


def _from_base64(run: str) -> bytes:
    characters = _LINE_ENDS.sub("", run).rstrip("=").replace("-", "+").replace("_", "/")
    # One character too many says nothing: four make three bytes, and two or three of the last four one or two.
    characters = characters[: len(characters) - (len(characters) % 4 == 1)]
    return binascii.a2b_base64(characters + "=" * (-len(characters) % 4))


def _from_base32(run: str) -> bytes:
    characters = _LINE_ENDS.sub("", run).rstrip("=")
    # RFC 4648 6: two, four, five, seven or eight characters make one to five bytes.
    characters = characters[: len(characters) - {1: 1, 3: 1, 6: 1}.get(len(characters) % 8, 0)]
    return base64.b32decode(characters + "=" * (-len(characters) % 8))


def _from_hex(run: str) -> bytes:
    return bytes.fromhex(_LINE_ENDS.sub("", run))


def _from_ascii85(run: str) -> bytes:
    return base64.a85decode(run.removeprefix("<~").removesuffix("~>"))


_ENCODINGS: tuple[tuple[str, re.Pattern[str], Callable[[str], bytes], int], ...] = (
    ("hex", _HEX, _from_hex, 16),
    ("base32", _BASE32, _from_base32, 16),
    ("base64", _BASE64, _from_base64, MIN_BASE64_LENGTH),
)
"""Name, form, decoder and least length. The smallest alphabet first: every run of it is one of the next."""
_ASCII85_ONLY = (("ascii85", _ASCII85, _from_ascii85, 8),)


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    long_runs = (match.start() for match in _LONG_RUNS.finditer(text, starts[0]))
    for start in heapq.merge(starts, long_runs):
        if start >= position:
            found, position = _read(text, start, budget)
            if found is not None:
                yield found


def _read(text: str, start: int, budget: ExpansionBudget) -> tuple[Replacement | None, int]:
    """What stands at `start`, and where to go on: no run is read from many places, or time were quadratic."""
    resume = start + _HEAD // 2
    for kind, pattern, decode, shortest in _ASCII85_ONLY if text.startswith("<~", start) else _ENCODINGS:
        head = pattern.match(text, start, start + _HEAD)
        if head is None or head.end() - start < shortest:
            continue
        if kind == "hex" and text[start - 1 : start] == "." and head.group().isdigit():
            continue  # a fraction: 0.3333…
        run, plain = "", None
        if head.end() - start >= _LONG or _promising(decode, head.group()):
            whole = pattern.match(text, start)
            run = whole.group() if whole else ""
            plain = _text_of(decode, run, budget)
        elif "\n" not in head.group():
            continue
        run = run or head.group()
        if plain is None and "\n" in run:
            # What follows on the next line may be another thing.
            run = run[: run.index("\n")].rstrip("\r\\")
            plain = _text_of(decode, run, budget) if len(run) >= shortest else None
        if plain is not None:
            budget.take(len(plain))
            return Replacement(start, start + len(run), _set_apart(text, start, plain), kind), start + len(run)
        resume = max(resume, start + len(run))
    return None, resume


def _set_apart(text: str, start: int, plain: str) -> str:
    """What a run at `start` holds, kept apart from what stands around it."""
    if _NAMED.match(plain):
        # Whoever encodes the name with the value encodes all of it: what is said about the run is no part of the value.
        return f"\n{plain}\n"
    # What precedes a run (`base64,`) is no part of what it holds, though it may stand close to it.
    return f" {plain}" if text[start - 1 : start] in _JOINING else plain


# Base64 of ASCII text: the first character of four is C to Z or a to f, because the first byte of three is below 0x80
# (and not a control character); the others have one bit less to themselves in the same way. One group of four in eight
# is like that by chance.
_GROUP = "[C-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]"
_ANY = "[A-Za-z0-9+/_-]"
# Base32 of ASCII text, the first eight characters of it: every byte gives away its highest bit likewise.
_GROUP32 = "[E-P][ABEFIJMNQRUVYZ45][A-Z2-7][A-HQ-X][ACEGIKMOQSUWY246][A-Z2-7][A-DI-LQ-TYZ23][A-Z2-7]"

ENCODED = Obfuscation(
    "encoded",
    ENCODINGS,
    (
        Prefilter(rf"[^A-Za-z0-9](?:{_GROUP}){{3}}", 12, Form.RUNS),
        # UTF-16: every other byte is zero.
        Prefilter(
            rf"[^A-Za-z0-9][C-Za-f][AQgw][AB]{_ANY}A[A-H][AEIMQUYcgkosw048]A[C-Za-f][AQgw][AB]{_ANY}", 12, Form.RUNS
        ),
        Prefilter(r"[^A-Za-z0-9]//4[C-Z]A", 5, Form.RUNS),
        Prefilter(r"[^A-Za-z0-9]H4sI[A-Za-z0-9+/_-]{8}", 12, Form.RUNS),
        Prefilter(r"[^A-Za-z0-9]e(?:J[w-z]|A[E-H]|N[o-r]|F[4-7])[A-Za-z0-9+/_-]{9}", 12, Form.RUNS),
        Prefilter(rf"[^A-Za-z0-9]{_GROUP32}[E-P][ABEFIJMNQRUVYZ45][A-Z2-7][A-HQ-X]", 12, Form.RUNS),
        Prefilter(r"[^0-9A-Za-z](?:[2-7][0-9A-Fa-f]){8}", 16, Form.RUNS),
        Prefilter(r"[^0-9A-Za-z]1[fF]8[bB]08[0-9A-Fa-f]{10}", 16, Form.RUNS),
        Prefilter(rf"[A-Za-z0-9+/_-]{{{_LONG}}}", _LONG, Form.RUNS, once=True),
        Prefilter(r"<~[!-u]{4}", 6),
    ),
    _find,
)
