"""Checks of keys of brokers and storage that carry a checksum or a form of their own."""

from __future__ import annotations

import base64
import binascii

from promptguard.detectors.secrets import secret_literals
from promptguard.detectors.secrets.dummy_values import is_masked
from promptguard.detectors.validators.registry import validator

MISTYPED = 0.75
MIN_DIGITS = 4
"""Digits in 56 random characters of base32, of which 6 in 32 are digits."""


@validator("nats_seed")
def nats_seed(match_text: str) -> float | bool:
    """A NATS seed: base32 whose last two bytes are the CRC-16 (XMODEM) of the others (nats-io/nkeys, crc16.go).

    One that is mistyped or cut by hand scores lower, as long as it is no run of words.
    """
    try:
        raw = base64.b32decode(match_text + "=" * (-len(match_text) % 8))
    except binascii.Error:
        return False
    if binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little"):
        return True
    return MISTYPED if sum(map(str.isdigit, match_text)) >= MIN_DIGITS and not is_masked(match_text) else False


@validator("truenas_key")
def truenas_key(match_text: str) -> float | bool:
    """A TrueNAS API key: after its number, 64 letters of both cases and digits; hexadecimal is a hash."""
    key = match_text.partition("-")[2]
    return 0.85 if secret_literals.mixed_case(key) and not is_masked(key) else False
