"""Texts that are no text in any reading: other bytes, as base64, in hexadecimal, or one character for each.

What cannot be read cannot be checked. Short ones are keys, checksums and identifiers, and left to the recognizers: up
to `MAX_SMALL` bytes as a string of their own, and up to `MAX_SMALL_WITHIN` among words. So is what its name or the
words before it say to be a service's own.
"""

from __future__ import annotations

import base64
import binascii
import functools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase
from string import digits as decimals
from typing import Final

from promptguard.detectors.deobfuscation.compression import is_compressed
from promptguard.detectors.deobfuscation.encoded import plausible
from promptguard.detectors.deobfuscation.texts_in_bytes import MEDIA, holds_text
from promptguard.detectors.embedded_files import SIGNATURES
from promptguard.detectors.literal_matcher import LiteralMatcher
from promptguard.model import Match, Nature, Role, Segment

type Span = tuple[int, int]

MAX_SMALL: Final = 64
"""Bytes that a string may be in base64 or hexadecimal whatever they are: keys, nonces, ids, SHA-512, Ed25519."""

MAX_SMALL_WITHIN: Final = 192
"""The same of what stands among words, where nothing says what it is: keys of cloud services in their own encryption,
numbers of trackers, signatures with elliptic curves. Of 20,000 files of programs three held more, all of them tests of
ciphers."""

MAX_SMALL_IN_ADDRESS: Final = 1_024
"""The same within a URL: links in mails and to pictures carry as much, made by whoever sent them."""

MIN_LINE: Final = 40
"""Characters of a line of base64 that is not the last one: encoders make lines of 60, 64 and 76."""

MIN_CHARACTERS: Final = 64
"""Characters of a text of other bytes, one for each."""

MAX_LOOKED_AT: Final = 65_536
"""Characters of the beginning of a text that are counted."""

MAX_CONTROLS: Final = 5
"""One in so many characters may be a control character, in output of a terminal for instance."""

MIN_DISTINCT: Final = 0.8
"""Share of the different bytes that as many random ones would have; compressed and encrypted data have nearly all."""

CHANGES: Final = 0.64
"""Share of places in random base64 where capitals, small letters and digits change; half of that in names and paths."""

HEX_CHANGES: Final = 0.47
"""The same of letters and digits in hexadecimal."""

MIN_CHANGES: Final = 0.77
"""Share of it that long noise has at least; short noise may have less, by four standard deviations."""

_CONTROLS: Final = bytes(each for each in (*range(0x20), *range(0x7F, 0xA0)) if chr(each) not in "\b\t\n\v\f\r\x1b\x85")
"""All but those that lay out a text, and the one that colours a terminal."""
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_LETTERS: Final = "[A-Za-z0-9+/_-]"
_RUN: Final = re.compile(
    rf"{_LETTERS}{{{MIN_LINE},}}(?:\r?\n[ \t>]{{0,16}}{_LETTERS}{{{MIN_LINE},}})*+(?:\r?\n[ \t>]{{0,16}}{_LETTERS}+)?"
)
"""One or several lines of what may be base64 or hexadecimal, the last of which may be short."""
_BETWEEN: Final = re.compile(r"[\s>]+")
_KINDS: Final = str.maketrans(
    {
        character: kind
        for kind, characters in (("A", ascii_uppercase), ("a", ascii_lowercase), ("0", decimals + "+/-_"))
        for character in characters
    }
)
_CHANGE: Final = re.compile(r"(.)(?!\1)")
_SAYS: Final = 48
"""Characters before a run among words that may say what it is."""
_BEFORE: Final = 2_048
"""Characters before it that may be of the same address or token."""
_ADDRESS_BEFORE: Final = re.compile(r"[a-z]://[^\s\"'<>()]*\Z")
_TOKEN_BEFORE: Final = re.compile(r"eyJ[\w-]+\.(?:[\w-]*\.)*\Z")
"""What precedes the last parts of a JSON web token (RFC 7519), which is a finding by itself."""

_KNOWN: Final = (
    *MEDIA,
    *SIGNATURES,  # which are read as files
    b"\x30\x82",  # certificates and keys (X.690, 8.1: a sequence of 256 bytes and more); private ones have a form
    b"\x30\x81",
    b"\0\0\0\x07ssh-",  # public keys (RFC 4253, 6.6)
    b"\0\0\0\x0bssh-",
    b"\0\0\0\x13ecdsa-",
    b"\0\x01\0\0\0",  # fonts: TrueType, OpenType
    b"OTTO\0",
    b"\0\0\x01\0",  # icons
    b"\x60\x80\x60\x40",  # programs of Ethereum
)
"""First bytes of what holds no words of anyone's."""

_SEQUENCE: Final = 0x30

_SERVICES_OWN: Final = re.compile(
    r"(?i)token|captcha|signature|fingerprint|attest|hash|challenge|cursor|nonce|proof|sentinel|turnstile|integrity|key"
    r"|cert|cookie|sha\d|image|audio|video|thumbnail|embedding|encrypted|state|sig\b|session|jwt"
)
"""Names under which clients of services send what the service itself made, or media."""


def opaque_texts(segments: Iterable[Segment]) -> list[int]:
    """The indexes of those that are no texts."""
    return [
        index
        for index, segment in enumerate(segments)
        if segment.nature is Nature.TEXT and segment.role is not Role.KEY and not segment.sealed_if_issued
        if len(segment.text) >= MIN_CHARACTERS and is_opaque(segment)
    ]


def unknown_noise(segment: Segment, found: Iterable[Match]) -> list[Span]:
    """Where bytes stand that nobody can read; nothing where all of them are in what was found: what a detector knows,
    such as a long token, is no noise.
    """
    rest, position = [], 0
    for start, end in sorted((match.start, match.end) for match in found):
        rest.append(segment.text[position:start])
        position = max(position, end)
    left = "".join((*rest, segment.text[position:]))
    if len(left) >= MIN_CHARACTERS and is_opaque(replace(segment, text=left)):
        return list(_noise(segment)) or [(0, len(segment.text))]
    return []


def is_opaque(segment: Segment) -> bool:
    """Whether a text holds bytes in which nothing can be read, and nothing else. Linear in the text."""
    return next(_noise(segment), None) is not None


def _noise(segment: Segment) -> Iterator[Span]:
    """Where such bytes stand in a text."""
    text = segment.text
    if _SERVICES_OWN.search(segment.label):
        return
    head = text[:MAX_LOOKED_AT]
    if _controls(head) * MAX_CONTROLS > len(head):
        yield 0, len(text)
        return
    if len(text) * 3 < MAX_SMALL * 4:
        return
    if _BASE64.match(head, 0, 60) and _has_long_lines(text):
        whole = "".join(text.split())
        if _BASE64.fullmatch(whole):
            if _is_noise(whole, MAX_SMALL):
                yield 0, len(text)
            return
    start = _first_long_run(text) if len(text) * 3 > MAX_SMALL_WITHIN * 4 else -1
    if start >= 0:
        yield from _noise_within(text, start)


def _has_long_lines(text: str) -> bool:
    """Whether no word but the last is short. The first of most texts is, and tells without the others."""
    words = text.split(maxsplit=1)
    if len(words) > 1 and len(words[0]) < MIN_LINE:
        return False
    return all(len(line) >= MIN_LINE for line in text.split()[:-1])


def _controls(text: str) -> int:
    data = text.encode("latin-1", "replace")
    return len(data) - len(data.translate(None, _CONTROLS))


def _noise_within(text: str, start: int) -> Iterator[Span]:
    """Where bytes that nothing names stand among the words of a text, from `start` on."""
    for run in _RUN.finditer(text, start):
        if len(run[0]) * 3 <= MAX_SMALL_WITHIN * 4:
            continue
        before = text[max(run.start() - _BEFORE, 0) : run.start()]
        if _TOKEN_BEFORE.search(before) or _SERVICES_OWN.search(before[-_SAYS:]):
            continue
        small = MAX_SMALL_IN_ADDRESS if _ADDRESS_BEFORE.search(before) else MAX_SMALL_WITHIN
        if _is_noise(_BETWEEN.sub("", run[0]), small):
            yield run.span()


def _is_noise(run: str, small: int) -> bool:
    """Whether a run is more than `small` bytes in which nothing can be read."""
    digits = _HEX.match(run)
    if digits and len(digits[0]) > len(run) - MIN_LINE:
        run = digits[0]  # and the first word of the next line
    looked_at = run[:MAX_LOOKED_AT]
    if _changes(looked_at) < _changes_of_noise(len(looked_at), HEX_CHANGES if digits and run == digits[0] else CHANGES):
        return False
    data = _decoded(run)
    if len(data) <= small or data.startswith(_KNOWN) or _is_sequence(data) or is_compressed(data):
        return False
    head = data[:MAX_LOOKED_AT]
    expected = 256 * (1 - math.exp(-len(head) / 256))
    return len(set(head)) >= MIN_DISTINCT * expected and not (plausible(data) or holds_text(data, MAX_LOOKED_AT))


def _changes(run: str) -> int:
    """Places where capitals, small letters and digits change."""
    return len(_CHANGE.findall(run.translate(_KINDS)))


def _changes_of_noise(length: int, share: float) -> float:
    """The fewest that so many random characters have, but for one in 30,000."""
    return length * share - max(length * share * (1 - MIN_CHANGES), 4 * math.sqrt(length * share * (1 - share)))


def _is_sequence(data: bytes) -> bool:
    """Whether bytes are one short ASN.1 sequence: a key with an elliptic curve, which has a form of its own if it is
    private (SEC 1, C.4; X.690, 8.1.3.4)."""
    return data[0] == _SEQUENCE and data[1] == len(data) - 2


@functools.cache
def _long_runs() -> LiteralMatcher:
    return LiteralMatcher([b"[A-Za-z0-9+/_-]{%d}" % MIN_LINE], once=True)


def _first_long_run(text: str) -> int:
    """Where the first long run of characters of base64 begins; -1 where there is none."""
    found = _long_runs()(text.encode("ascii", "replace"))
    return max(found[0][1] - MIN_LINE, 0) if found else -1


def _decoded(text: str) -> bytes:
    try:
        if _HEX.fullmatch(text):
            return bytes.fromhex(text)
        if _BASE64.fullmatch(text):
            text = text.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
            return base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        pass
    return b""
