"""WebSocket frames by hand (RFC 6455), compressed ones too (RFC 7692)."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_DEFLATE_TAIL = b"\0\0\xff\xff"


def frame(
    content: bytes, opcode: int = TEXT, *, final: bool = True, mask: bool = True, compressed: bool = False
) -> bytes:
    """One frame; `compressed` sets RSV1 and does not compress."""
    first = (0x80 if final else 0) | (0x40 if compressed else 0) | opcode
    size = len(content)
    bit = 0x80 if mask else 0
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 65536:
        head = bytes([first, bit | 126]) + struct.pack("!H", size)
    else:
        head = bytes([first, bit | 127]) + struct.pack("!Q", size)
    if not mask:
        return head + content
    key = os.urandom(4)
    return head + key + _masked(content, key)


def deflated(content: bytes) -> bytes:
    """A message's content as permessage-deflate has it."""
    packer = zlib.compressobj(wbits=-15)
    return (packer.compress(content) + packer.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_DEFLATE_TAIL)


def _masked(content: bytes, key: bytes) -> bytes:
    pad = (key * (len(content) // 4 + 1))[: len(content)]
    return (int.from_bytes(content, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(content), "big")


class MessageReader:
    """Frames to messages; control frames are messages of their own."""

    def __init__(self) -> None:
        self._data = b""
        self._parts = b""
        self._opcode, self._compressed = TEXT, False
        self._inflate = zlib.decompressobj(wbits=-15)

    def feed(self, data: bytes) -> None:
        """Take what came over the wire."""
        self._data += data

    def messages(self) -> Iterator[tuple[int, bytes]]:
        """The messages that are complete."""
        while (found := self._frame()) is not None:
            first, content = found
            opcode = first & 15
            if opcode >= CLOSE:
                yield opcode, content
                continue
            if opcode:
                self._opcode, self._compressed, self._parts = opcode, bool(first & 0x40), b""
            self._parts += content
            if first & 0x80:
                yield self._opcode, self._whole()

    def _whole(self) -> bytes:
        return self._inflate.decompress(self._parts + _DEFLATE_TAIL) if self._compressed else self._parts

    def _frame(self) -> tuple[int, bytes] | None:
        data = self._data
        if len(data) < 2:
            return None
        size, at = data[1] & 127, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(data[2 : 2 + width], "big"), 2 + width
        masked = bool(data[1] & 128)
        end = at + (4 if masked else 0) + size
        if len(data) < end:
            return None
        content = data[at + 4 : end] if masked else data[at:end]
        self._data = data[end:]
        return data[0], _masked(content, data[at : at + 4]) if masked else content
