"""The PROXY protocol, versions 1 and 2: with which a load balancer says whose connection it hands on.

https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
"""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from dataclasses import dataclass
from typing import Final

from promptguard.proxy.addresses import Address

SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
"""With which version 2 begins."""

MAX_LINE: Final = 107
"""Bytes of a header of version 1, its end included."""

MAX_BLOCK: Final = 16 * 1024
"""Bytes of addresses and further values of version 2. Balancers send some hundred; a client certificate takes 2 KB."""

_LOCAL, _PROXY = 0x20, 0x21
_TCP = {0x11: "!4s4sHH", 0x21: "!16s16sHH"}
"""The stream transports that have addresses, and the structure of these, by the byte that names them."""


class WrongHeader(ValueError):
    """There is no PROXY header, or it is not as the protocol says; the message says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The connection that a load balancer has taken."""

    source: Address
    destination: Address


async def read_header(reader: asyncio.StreamReader) -> Announced | None:
    """Read the header with which a connection begins, and nothing after it.

    Returns:
        What is announced; None where the balancer speaks for itself, as in a health check.

    Raises:
        WrongHeader: there is none, or it is damaged.
    """
    try:
        first = await reader.readexactly(len(SIGNATURE))
        if first == SIGNATURE:
            head = await reader.readexactly(4)
            length = int.from_bytes(head[2:])
            if length > MAX_BLOCK:
                raise WrongHeader("it is longer than any balancer's")
            return parse_binary(head[0], head[1], await reader.readexactly(length))
        if not first.startswith(b"PROXY "):
            raise WrongHeader("there is none")
        line = first
        while not line.endswith(b"\n"):
            if len(line) >= MAX_LINE:
                raise WrongHeader("its line has no end")
            line += await reader.readexactly(1)  # a byte more would be the client's
        return parse_text(line)
    except asyncio.IncompleteReadError:
        raise WrongHeader("the connection ended within it") from None


def parse_text(line: bytes) -> Announced | None:
    """A header of version 1, its end included (2.1).

    Raises:
        WrongHeader: it does not read so.
    """
    words = line.removesuffix(b"\r\n").decode("latin-1").split(" ")
    if not line.endswith(b"\r\n") or words[0] != "PROXY" or len(words) < 2:
        raise WrongHeader("its line is damaged")
    if words[1] == "UNKNOWN":
        return None
    version = {"TCP4": 4, "TCP6": 6}.get(words[1])
    if version is None or len(words) != 6:
        raise WrongHeader("its line is damaged")
    source, destination, *ports = words[2:]
    return Announced((_ip(source, version), _port(ports[0])), (_ip(destination, version), _port(ports[1])))


def parse_binary(version_and_command: int, transport: int, block: bytes) -> Announced | None:
    """A header of version 2, without its signature and length (2.2). What stands behind the addresses is passed over.

    Raises:
        WrongHeader: it does not read so; or it announces anything but a TCP connection.
    """
    if version_and_command == _LOCAL:
        return None
    if version_and_command != _PROXY:
        raise WrongHeader("it is of another version, or gives an unknown command")
    if transport not in _TCP:
        raise WrongHeader("it announces no TCP connection")
    structure = _TCP[transport]
    if len(block) < struct.calcsize(structure):
        raise WrongHeader("its addresses are cut off")
    source, destination, source_port, destination_port = struct.unpack_from(structure, block)
    return Announced(
        (str(ipaddress.ip_address(source)), source_port),
        (str(ipaddress.ip_address(destination)), destination_port),
    )


def _ip(text: str, version: int) -> str:
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        raise WrongHeader("it names no address") from None
    if ip.version != version:
        raise WrongHeader("it names an address of another kind than it says")
    return str(ip)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65_536):
        raise WrongHeader("it names no port")
    return int(text)
