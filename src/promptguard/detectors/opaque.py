"""Texts that are no text in any reading: other bytes, as base64, in hexadecimal, or one character for each.

What cannot be read cannot be checked. Short ones are keys, checksums and identifiers, and left to the recognizers.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Final

from promptguard.detectors.deobfuscation.compression import is_compressed
from promptguard.detectors.deobfuscation.encoded import plausible
from promptguard.detectors.deobfuscation.texts_in_bytes import MEDIA, texts_in
from promptguard.errors import ScanFailed
from promptguard.model import Nature, Role, Segment
from promptguard.reasons import Code

MIN_BYTES: Final = 1_024
"""Bytes in base64 or hexadecimal: signatures, certificates' keys and tokens of most services have less."""

MIN_LINE: Final = 40
"""Characters of a line of base64 that is not the last one: encoders make lines of 60, 64 and 76."""

MIN_CHARACTERS: Final = 64
"""Characters of a text of other bytes, one for each."""

MAX_LOOKED_AT: Final = 65_536
"""Characters of the beginning of a text that are counted."""

MAX_CONTROLS: Final = 5
"""One in so many characters may be a control character, in output of a terminal for instance."""

MIN_DISTINCT: Final = 128
"""Different bytes of data that are compressed or encrypted; 1,024 random ones have about 250."""

_CONTROLS: Final = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
"""All but those that lay out a text, and the one that colours a terminal."""
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_DER: Final = b"\x30\x82"
"""A certificate or key (X.690, 8.1: a sequence of 256 bytes and more); private keys are found by their form."""

_SERVICES_OWN: Final = re.compile(
    r"(?i)token|captcha|signature|fingerprint|attest|hash|challenge|cursor|nonce|proof|sentinel|turnstile|integrity|key"
    r"|cert|image|audio|video|thumbnail|embedding|encrypted|state|sig\b|session|jwt"
)
"""Names under which clients of services send what the service itself made, or media."""


def refuse_opaque(segments: Iterable[Segment]) -> None:
    """Make sure that all texts are texts.

    Raises:
        ScanFailed: one is not.
    """
    for segment in segments:
        if segment.nature is not Nature.TEXT or segment.role is Role.KEY or segment.sealed_if_issued:
            continue
        if len(segment.text) >= MIN_CHARACTERS and is_opaque(segment):
            raise ScanFailed(Code.SCAN_OPAQUE)


def is_opaque(segment: Segment) -> bool:
    """Whether a text holds bytes in which nothing can be read, and nothing else. Linear in the text."""
    head = segment.text[:MAX_LOOKED_AT]
    if len(_CONTROLS.findall(head)) * MAX_CONTROLS > len(head):
        return True
    if len(head) * 3 < MIN_BYTES * 4 or not _BASE64.match(head, 0, 60) or _SERVICES_OWN.search(segment.label):
        return False
    *lines, last = segment.text.split()
    if any(len(line) < MIN_LINE for line in lines):
        return False  # words
    data = _decoded("".join([*lines, last]))
    if len(data) < MIN_BYTES or data.startswith((*MEDIA, _DER)) or is_compressed(data):
        return False
    return len(set(data[:MAX_LOOKED_AT])) >= MIN_DISTINCT and not (plausible(data) or texts_in(data, MAX_LOOKED_AT))


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
