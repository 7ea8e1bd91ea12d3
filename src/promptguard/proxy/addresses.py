"""Which addresses connections go to, and which they never go to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.reasons import Code, Reason

type Address = tuple[str, int]
type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_FAILING: Final = 1_000
FAILING_SECONDS: Final = 60.0
LOOK_UP_SECONDS: Final = 2.0
"""How long a name is looked up of which a further proxy has the last word: behind one, there may be nobody to ask."""

_THIS_NETWORK: Final = ipaddress.ip_network("0.0.0.0/8")
_EMBEDDING: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""Networks whose addresses end in an IPv4 address."""

_METADATA: Final = frozenset({"100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"})
"""Metadata services of clouds that are not at link-local addresses: Alibaba, Azure, Oracle, AWS, Google."""

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


def is_address(host: str) -> bool:
    """Whether a host is an IP address and no name."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


class Failing:
    """Addresses at which nobody answered a moment ago, so that the next attempt takes another one of the same name."""

    def __init__(self) -> None:
        self._since: OrderedDict[str, float] = OrderedDict()

    def note(self, host: str) -> None:
        """A connection to this address has failed."""
        self._since[host] = time.monotonic()
        self._since.move_to_end(host)
        if len(self._since) > MAX_FAILING:
            self._since.popitem(last=False)

    def first_other(self, hosts: Sequence[str]) -> str:
        """The first address that has not failed lately, or the first one where all have."""
        now = time.monotonic()
        return next(
            (host for host in hosts if now - self._since.get(host, -FAILING_SECONDS) >= FAILING_SECONDS), hosts[0]
        )


async def checked_addresses(
    address: Address, listening: Sequence[Address], *, private: bool = True
) -> list[str] | Reason:
    """The IP addresses behind a target, to one of which a connection may be made, or why to none.

    A proxy that relays to its own machine would open what only local programs should reach (consoles, databases, cloud
    metadata services). A name is looked up once: looked up again, it could lead elsewhere.

    Args:
        address: host, as name or address, and port.
        listening: where this proxy listens.
        private: whether addresses that are not public may be connected to (RFC 1918, RFC 4193, RFC 6598 and the like).
    """
    host, port = address
    try:
        found = [str(ipaddress.ip_address(host.strip("[]").partition("%")[0]))]
    except ValueError:
        try:
            entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return Reason(Code.TARGET_UNRESOLVED)
        found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    problems = (_forbidden(ip, port, listening, private=private) for ip in found)
    return next(filter(None, problems), None) or found


def forbidden_name(host: str, port: int, listening: Sequence[Address]) -> Reason | None:
    """The same where another proxy looks the name up: what can be told of the name itself."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761 6.3
        return _OWN_MACHINE
    try:
        return _forbidden(name, port, listening)
    except ValueError:
        return None


async def forbidden_behind(
    host: str, port: int, listening: Sequence[Address], *, private: bool = True
) -> Reason | None:
    """The same by where this machine would look the name up, where it can: the other proxy is in the same company, and
    a name that leads to metadata services or to this machine has no business with either."""
    if problem := forbidden_name(host, port, listening):
        return problem
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            found = await checked_addresses((host, port), listening, private=private)
    except TimeoutError:
        return None
    return found if isinstance(found, Reason) and found.code != Code.TARGET_UNRESOLVED else None


def forbidden_peer(peer: Address, own: Address, listening: Sequence[Address]) -> Reason | None:
    """Why a connection must not be used that was made to `peer`, from the address `own`, or None.

    A name can lead somewhere else when it is looked up again; and a machine that talks to one of its own addresses does
    so from that very address.
    """
    host = peer[0].partition("%")[0]
    if host == own[0].partition("%")[0]:
        return _OWN_MACHINE
    return _forbidden(host, peer[1], listening)


def _forbidden(host: str, port: int, listening: Sequence[Address], *, private: bool = True) -> Reason | None:
    ip = _real(ipaddress.ip_address(host.partition("%")[0]))
    if ip.is_loopback or ip.is_unspecified or ip in _THIS_NETWORK:
        return _OWN_MACHINE
    if ip.is_link_local or str(ip) in _METADATA:
        return Reason(Code.TARGET_LINK_LOCAL)
    if ip.is_multicast or (ip.is_reserved and ip.version == 4):
        return Reason(Code.TARGET_MULTICAST)
    if any(str(ip) == own and port == own_port for own, own_port in listening):
        return Reason(Code.TARGET_ITSELF)
    if not private and not ip.is_global:
        return Reason(Code.TARGET_PRIVATE)
    return _OWN_MACHINE if _is_own(ip) else None


def _real(ip: IPAddress) -> IPAddress:
    """The IPv4 address in an IPv6 one that leads there: mapped (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380), NAT64
    (RFC 6052, RFC 8215)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if any(ip in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def _is_own(ip: IPAddress) -> bool:
    """Whether an address is one of this machine's own: the system would answer it from that very address.

    Nothing is sent: to connect a datagram socket only chooses a route.
    """
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(ip), 9))
            return bool(ipaddress.ip_address(str(probe.getsockname()[0]).partition("%")[0]) == ip)
    except OSError:
        return False
