"""Which addresses connections go to, and which they never go to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.reasons import Code, Reason

type Address = tuple[str, int]
type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_OWN_MACHINE: Final = Reason(Code.TARGET_OWN_MACHINE)


def parse_connect_to(specs: Sequence[str]) -> dict[str, Address]:
    """`HOST=ADDRESS:PORT` for each host whose connections go elsewhere; `*` for all hosts.

    Raises:
        ValueError: a spec that does not read so, with a sentence that says which and how.
    """
    targets: dict[str, Address] = {}
    for spec in specs:
        host, _, target = spec.partition("=")
        address, _, port = target.rpartition(":")
        if not host or not address or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"“{spec}” does not read HOST=ADDRESS:PORT, such as api.openai.com=127.0.0.1:8443")
        targets[host.lower()] = (address.strip("[]"), int(port))
    return targets


def redirected(targets: Mapping[str, Address], host: str) -> Address | None:
    """Where connections to `host` really go, or None where it says where it goes itself."""
    return targets.get(host.lower().rstrip(".")) or targets.get("*")


async def forbidden_target(address: Address, listening: Sequence[Address]) -> Reason | None:
    """Why a client must not be connected to `address`, or None.

    A proxy that relays to its own machine would open what only local programs should reach (consoles, databases,
    cloud metadata services at link-local addresses).
    """
    host, port = address
    try:
        ips = {ipaddress.ip_address(host.strip("[]").partition("%")[0])}
    except ValueError:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return None  # the connection will fail by itself, and say so
        ips = {ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found}
    return next(filter(None, (_forbidden(ip, port, listening) for ip in ips)), None)


def forbidden_name(host: str, port: int, listening: Sequence[Address]) -> Reason | None:
    """The same where another proxy looks the name up: what can be told of the name itself."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761 6.3
        return _OWN_MACHINE
    try:
        return _forbidden(ipaddress.ip_address(name.partition("%")[0]), port, listening)
    except ValueError:
        return None


def forbidden_peer(peer: Address, own: Address, listening: Sequence[Address]) -> Reason | None:
    """Why a connection must not be used that was made to `peer`, from the address `own`, or None.

    A name can lead somewhere else when it is looked up again; and a machine that talks to one of its own addresses does
    so from that very address.
    """
    host = peer[0].partition("%")[0]
    if host == own[0].partition("%")[0]:
        return _OWN_MACHINE
    return _forbidden(ipaddress.ip_address(host), peer[1], listening)


def _forbidden(ip: IPAddress, port: int, listening: Sequence[Address]) -> Reason | None:
    real = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped else ip
    if real.is_loopback or real.is_unspecified:
        return _OWN_MACHINE
    if real.is_link_local:
        return Reason(Code.TARGET_LINK_LOCAL)
    if any(str(real) == own and port == own_port for own, own_port in listening):
        return Reason(Code.TARGET_ITSELF)
    return None
