"""The network of a machine: all of its address that is kept.

A network in which few machines were seen would be one of certain people, so how many there were is kept until they are
enough, and no longer.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FEWEST: Final = 5
"""Machines below which nothing is told of a network by itself, as many as people in a group that the console shows."""

PREFIXES: Final[Mapping[int, int]] = {4: 24, 6: 48}
"""Bits that are kept of an address by its version: a floor's network, and a site's (RFC 6177)."""

MAX_NETWORKS: Final = 10_000
"""Networks that are told apart; machines of further ones count as `ELSEWHERE`."""

ELSEWHERE: Final = "further networks"

_MAX_REMEMBERED: Final = 50_000


class Networks:
    """Finds the network of each machine, and whether enough machines of it were seen.

    Args:
        names: what a company calls its networks; the smallest that holds an address counts.
        proxies: where the proxies are. They reach AI services for all, and what reaches them goes no way past.
    """

    def __init__(self, names: Mapping[Network, str] | None = None, proxies: Iterable[Network] = ()) -> None:
        self._names = sorted((names or {}).items(), key=lambda each: each[0].prefixlen, reverse=True)
        self._proxies = tuple(proxies)
        self._seen: dict[str, str | None] = {}
        self._targets: dict[str, bool] = {}
        self._machines: dict[str, set[int]] = {}

    @property
    def knows_proxies(self) -> bool:
        """Whether any proxy was named."""
        return bool(self._proxies)

    def of(self, source: str) -> str | None:
        """The network of a machine, or its company's name for it; None for a proxy.

        Raises:
            ValueError: it is no address.
        """
        if source in self._seen:
            return self._seen[source]
        address = parsed(source)
        found = None if self._is_in(address, self._proxies) else self._label(address)
        if found is not None:
            machines = self._machines.setdefault(found, set())
            if len(machines) < FEWEST:
                machines.add(int(address))
        _remember(self._seen, source, found)
        return found

    def is_proxy(self, target: str) -> bool:
        """Whether an address is one of a proxy; what is no address is none."""
        if not self._proxies or not target:
            return False
        if target not in self._targets:
            try:
                found = self._is_in(parsed(target), self._proxies)
            except ValueError:
                found = False
            _remember(self._targets, target, found)
        return self._targets[target]

    def machines(self, network: str) -> int:
        """How many machines of a network were seen, `FEWEST` for that many and more."""
        return len(self._machines.get(network, ()))

    def _label(self, address: Address) -> str:
        name = next((name for network, name in self._names if address in network), None)
        label = name or str(ipaddress.ip_network((address, PREFIXES[address.version]), strict=False))
        return label if label in self._machines or len(self._machines) < MAX_NETWORKS else ELSEWHERE

    @staticmethod
    def _is_in(address: Address, networks: Iterable[Network]) -> bool:
        return any(address in network for network in networks)


def parsed(text: str) -> Address:
    """An address as logs write it: with a zone, or an IPv4 address in IPv6 form (RFC 4291 2.5.5.2).

    Raises:
        ValueError: it is none.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(_MAX_REMEMBERED)
def is_outside(address: str) -> bool:
    """Whether an address is one of the public internet; what is no address is none."""
    try:
        return parsed(address).is_global
    except ValueError:
        return False


@lru_cache(_MAX_REMEMBERED)
def canonical(address: str) -> str:
    """An address in the one form that all logs' forms of it have in common (RFC 5952); what is none, as it is."""
    try:
        return str(parsed(address)) if ":" in address else address
    except ValueError:
        return address


def _remember[Value](seen: dict[str, Value], key: str, value: Value) -> None:
    if len(seen) >= _MAX_REMEMBERED:
        seen.clear()
    seen[key] = value
