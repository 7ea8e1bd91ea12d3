from __future__ import annotations

import asyncio
import ipaddress
import struct

import pytest

from promptguard.proxy.proxy_protocol import MAX_BLOCK, SIGNATURE, Announced, WrongHeader, read_header

FOUR = Announced(("192.0.2.17", 50000), ("198.51.100.1", 8080))
SIX = Announced(("2001:db8::17", 50000), ("2001:db8::1", 8080))
AFTER = b"CONNECT api.openai.com:443 HTTP/1.1\r\n\r\n"


def binary(
    announced: Announced | None, *, version_and_command: int = 0x21, transport: int = 0x11, more: bytes = b""
) -> bytes:
    block = b""
    if announced:
        (source, source_port), (destination, destination_port) = announced.source, announced.destination
        ips = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
        block = ips + struct.pack("!HH", source_port, destination_port)
    block += more
    return SIGNATURE + bytes([version_and_command, transport]) + len(block).to_bytes(2) + block


async def read(sent: bytes) -> tuple[Announced | None, bytes]:
    reader = asyncio.StreamReader()
    reader.feed_data(sent)
    reader.feed_eof()
    return await read_header(reader), await reader.read()


@pytest.mark.parametrize(
    ("header", "announced"),
    [
        (b"PROXY TCP4 192.0.2.17 198.51.100.1 50000 8080\r\n", FOUR),
        (b"PROXY TCP6 2001:db8::17 2001:db8::1 50000 8080\r\n", SIX),
        (b"PROXY UNKNOWN\r\n", None),
        (b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", None),
        (binary(FOUR), FOUR),
        (binary(SIX, transport=0x21), SIX),
        (binary(FOUR, more=b"\x02\x00\x03abc"), FOUR),
        (binary(None, version_and_command=0x20, transport=0), None),
        (binary(FOUR, version_and_command=0x20), None),
    ],
)
async def test_what_is_announced(header: bytes, announced: Announced | None) -> None:
    assert await read(header + AFTER) == (announced, AFTER)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "ended within"),
        (b"PROXY TCP4 192.0.2.17", "ended within"),
        (AFTER, "there is none"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03abcdef", "there is none"),
        (b"PROXY TCP4 192.0.2.17 198.51.100.1 50000 8080\n", "damaged"),
        (b"PROXY TCP4 192.0.2.17 198.51.100.1 50000\r\n", "damaged"),
        (b"PROXY TCP4  192.0.2.17 198.51.100.1 50000 8080\r\n", "damaged"),
        (b"PROXY UDP4 192.0.2.17 198.51.100.1 50000 8080\r\n", "damaged"),
        (b"PROXY TCP4 2001:db8::17 2001:db8::1 50000 8080\r\n", "another kind"),
        (b"PROXY TCP4 192.0.2.300 198.51.100.1 50000 8080\r\n", "no address"),
        (b"PROXY TCP4 192.0.2.17 198.51.100.1 65536 8080\r\n", "no port"),
        (b"PROXY TCP4 192.0.2.17 198.51.100.1 -1 8080\r\n", "no port"),
        (b"PROXY UNKNOWN " + b"x" * 200, "no end"),
        (binary(FOUR)[:-1], "ended within"),
        (binary(None), "cut off"),
        (binary(FOUR, transport=0x21), "cut off"),
        (binary(FOUR, transport=0x12), "no TCP"),
        (binary(None, transport=0x00), "no TCP"),
        (binary(FOUR, transport=0x31), "no TCP"),
        (binary(FOUR, version_and_command=0x11), "another version"),
        (binary(FOUR, version_and_command=0x22), "unknown command"),
        (binary(FOUR, more=b"x" * MAX_BLOCK), "longer"),
    ],
)
async def test_what_is_none(sent: bytes, why: str) -> None:
    with pytest.raises(WrongHeader, match=why):
        await read(sent)
