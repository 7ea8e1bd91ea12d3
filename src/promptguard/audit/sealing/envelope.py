"""What stands in the database in the place of an event's JSON.

A sealed event is `1`, the id of its data key (8 bytes), a nonce (16 bytes), and AES-256-GCM under a key for this record
alone: HMAC-SHA256 of the nonce under the data key. `2` in the place of `1`, and nothing behind the nonce, is one that
has expired. An event that was recorded before events were sealed begins with `{`; once it has expired it is `3` and a
MAC, which only the keys of the installation make.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_ID_BYTES: Final = 8
NONCE_BYTES: Final = 16
HEADER_BYTES: Final = 1 + KEY_ID_BYTES + NONCE_BYTES

_SEALED: Final = b"\x01"
_EMPTIED: Final = b"\x02"
_GONE: Final = b"\x03"
_ONCE: Final = bytes(12)
"""The nonce of AES-GCM: each key seals one event."""


class Header(NamedTuple):
    """How a sealed event, or what is left of it, begins."""

    key_id: bytes
    nonce: bytes
    emptied: bool


def header_of(stored: object) -> Header | None:
    """The header of what is stored; None where that is not sealed."""
    if not isinstance(stored, bytes) or len(stored) < HEADER_BYTES or stored[:1] not in (_SEALED, _EMPTIED):
        return None
    return Header(stored[1 : 1 + KEY_ID_BYTES], stored[1 + KEY_ID_BYTES : HEADER_BYTES], stored[:1] == _EMPTIED)


def is_plain(stored: object) -> bool:
    """Whether what is stored is an event's JSON itself."""
    return isinstance(stored, bytes) and stored[:1] == b"{"


def record_key(data_key: bytes, nonce: bytes) -> bytes:
    """The key of one record."""
    return hmac.digest(data_key, nonce, "sha256")


def sealed(key_id: bytes, data_key: bytes, event: bytes) -> bytes:
    """An event under a data key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    header = _SEALED + key_id + nonce
    return header + AESGCM(record_key(data_key, nonce)).encrypt(_ONCE, event, header)


def opened(stored: bytes, key: bytes) -> bytes:
    """The event in a sealed one, by the key of its record.

    Raises:
        ValueError: it was changed, or was sealed under another key.
    """
    try:
        return AESGCM(key).decrypt(_ONCE, stored[HEADER_BYTES:], stored[:HEADER_BYTES])
    except InvalidTag:
        raise ValueError("a sealed event was changed") from None


def emptied(stored: bytes) -> bytes:
    """What is left of a sealed event, by at least its header."""
    return _EMPTIED + stored[1:HEADER_BYTES]


def gone(mac: bytes) -> bytes:
    """What is left of an event that was not sealed."""
    return _GONE + mac


def mac_of_gone(stored: object) -> bytes | None:
    """The MAC in what `gone` made; None where it is nothing of the kind."""
    return stored[1:] if isinstance(stored, bytes) and stored[:1] == _GONE else None
