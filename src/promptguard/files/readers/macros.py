"""Visual Basic macros: their source code, which documents keep compressed ([MS-OVBA] 2.4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from promptguard.files.extraction import Extraction

if TYPE_CHECKING:
    from promptguard.files.compound_streams import CompoundStreams

_START: Final = b"\0Attribut"
"""How each module begins once it is compressed: after a container's signature, a chunk's header and a flag byte."""
_CHUNK: Final = 4_096
_SIGNATURE_BITS: Final = 0x7000
_SIGNATURE: Final = 0x3000
"""What these bits of each chunk's header are (2.4.1.1.5)."""


def read(streams: CompoundStreams, out: Extraction) -> None:
    """Add the source code of all modules in a compound file."""
    for path in streams:
        folders = path.split("/")
        if "VBA" not in folders[:-1]:
            continue
        module = streams.read(path)
        at = module.find(_START)
        if at >= 3 and module[at - 3] == 1:
            out.add(decompress(module[at - 3 :]).decode("cp1252", "replace"), f"macro {folders[-1]}")


def decompress(container: bytes) -> bytes:
    """The bytes in a compressed container, as far as it is whole."""
    out = bytearray()
    position = 1
    while position + 2 <= len(container):
        header = int.from_bytes(container[position : position + 2], "little")
        if header & _SIGNATURE_BITS != _SIGNATURE:
            break
        end = min(position + (header & 0x0FFF) + 3, len(container))
        position += 2
        if not header & 0x8000:
            out += container[position : position + _CHUNK]
            position += _CHUNK
            continue
        position = _decompress_chunk(container, position, end, out)
    return bytes(out)


def _decompress_chunk(container: bytes, position: int, end: int, out: bytearray) -> int:
    start = len(out)
    while position < end:
        flags = container[position]
        position += 1
        for bit in range(8):
            if position >= end:
                break
            if not flags >> bit & 1:
                out.append(container[position])
                position += 1
                continue
            token = int.from_bytes(container[position : position + 2], "little")
            position += 2
            bits = max((len(out) - start - 1).bit_length(), 4)  # as many as it takes to point to the chunk's start
            length = (token & (0xFFFF >> bits)) + 3
            distance = (token >> (16 - bits)) + 1
            if distance > len(out) - start:
                return end
            for _ in range(length):
                out.append(out[-distance])
    return end
