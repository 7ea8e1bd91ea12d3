"""Packed numbers of protocol buffers (protobuf.dev/programming-guides/encoding#packed): vectors, counts, places.

What is repeated and a number stands as bytes in one field, without anything that says so. Known by the numbers: other
bytes, read as numbers, are of all sizes.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Sequence
from typing import Final

from promptguard.wire.documents import byte_arrays

MIN_BYTES: Final = 65
"""Shorter fields may be any bytes anyway."""

_SMALLEST: Final = 1e-12
_LARGEST: Final = 1e12
"""Between these are the fractions that programs send: one in three of four random bytes, one in twenty of eight."""

_ALIKE: Final = 0.95
"""Share of whole numbers that are as long as the most, or a byte longer; of random ones at most three quarters."""

_SMALL: Final = 1 << 21
"""Places and counts are less; of random whole numbers one in eight is more: none in one of 100 fields of 65 bytes, one
in 5,000 of 128."""

_MAX_LENGTH: Final = 5
"""Bytes of a whole number of 32 bits."""


def packed_numbers(data: bytes) -> Sequence[int | float] | None:
    """The numbers that a field holds; None where it holds other bytes, or may well do so."""
    if len(data) < MIN_BYTES:
        return None
    return _fractions(data, "d", 8) or _fractions(data, "f", 4) or _whole_numbers(data)


def text_of(values: Sequence[int | float]) -> str:
    """What numbers say where they are characters; empty where they are none."""
    return byte_arrays.text_of(list(values))


def _fractions(data: bytes, form: str, size: int) -> Sequence[float] | None:
    if len(data) % size:
        return None
    values = struct.unpack(f"<{len(data) // size}{form}", data)
    return values if all(value == 0 or _SMALLEST < math.fabs(value) < _LARGEST for value in values) else None


def _whole_numbers(data: bytes) -> Sequence[int] | None:
    values: list[int] = []
    lengths: Counter[int] = Counter()
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << 7 * shift
        shift += 1
        if byte & 0x80:
            if shift == _MAX_LENGTH:
                return None
            continue
        if shift > 1 and not byte:
            return None  # longer than it need be
        values.append(value)
        lengths[shift] += 1
        value = shift = 0
    if shift:
        return None
    if max(values) < _SMALL:
        return values
    alike = max((lengths[length] + lengths[length + 1] for length in lengths), default=0)
    return values if alike >= _ALIKE * len(values) else None
