"""Placeholders: what stands in a prompt in place of a value, such as `[EMAIL_ADDRESS_7KQ2M4XB]`.

A placeholder is a keyed hash of the value within its scope (one conversation of one person): the same value gives the
same placeholder in every turn and in every process that has the key, and says nothing about the value without it.
Values are not normalised: two spellings are two placeholders, so that restoring gives back exactly what stood there.

The characters used stand for themselves in JSON, SSE, forms (percent-encoded as a whole) and Markdown text.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

ALPHABET: Final = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""Of a placeholder's code. Without vowels, so that no word appears; without 0 and 1, which look like O and I."""

CODE_LENGTH: Final = 8
"""Characters of a code: 28^8, 38 bits. A collision within one conversation is unlikely, and handled."""

MAX_CODE_LENGTH: Final = 16
MAX_TYPE_LENGTH: Final = 40

MAX_LENGTH: Final = 1 + MAX_TYPE_LENGTH + 1 + MAX_CODE_LENGTH + 1
"""Characters of the longest placeholder there can be."""

PLACEHOLDER: Final = re.compile(
    rf"\[[A-Z0-9_]{{1,{MAX_TYPE_LENGTH}}}_[{ALPHABET}]{{{CODE_LENGTH},{MAX_CODE_LENGTH}}}\]"
)
"""What looks like a placeholder. Only what was issued in the scope is one."""

_CODE_BYTES = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
"""Turns the bytes of a hash into a code. Slightly uneven, as 256 is no multiple of 28; no code is rare for that."""

_NOT_IN_TYPE = re.compile(r"[^A-Z0-9_]")


def placeholder_for(
    key: bytes, scope: str, entity_type: str, value: str, known: Mapping[str, str], *, restorable: bool = True
) -> str:
    """The placeholder of a value.

    A value that must never be restored has another placeholder than one that may be, should it ever be both.
    `known` maps the scope's placeholders so far to their originals. Where the code of another value is in the way, the
    code grows, so that two values never share a placeholder.
    """
    name = _type_name(entity_type)
    # With the scope's length in it, no other scope, type and value make the same message.
    for attempt in range(256):
        code = _code(key, f"{attempt}|{restorable:d}|{len(scope)}|{scope}|{name}|{value}")
        for length in range(CODE_LENGTH, MAX_CODE_LENGTH + 1):
            candidate = f"[{name}_{code[:length]}]"
            if known.get(candidate, value) == value:
                return candidate
    raise ValueError("all placeholders tried are taken by other values")


def type_of(placeholder: str) -> str:
    """The name of the entity type in a placeholder."""
    return placeholder[1:-1].rpartition("_")[0]


@lru_cache(maxsize=1024)
def _type_name(entity_type: str) -> str:
    """The entity type in the characters of a placeholder; company-defined types may have any name."""
    return _NOT_IN_TYPE.sub("_", entity_type.upper())[:MAX_TYPE_LENGTH] or "VALUE"


def _code(key: bytes, message: str) -> str:
    digest = hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256")  # JSON may carry lone surrogates
    return digest[:MAX_CODE_LENGTH].translate(_CODE_BYTES).decode("ascii")
