"""Counts what goes past the proxy, by way, service, host and network, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from promptguard.rollout.bypass.networks import FEWEST, Networks, canonical, is_outside
from promptguard.rollout.bypass.observations import Answer, Connection, Observation, Query
from promptguard.rollout.bypass.watched import ENCRYPTED_DNS, OTHER_RESOLVERS, WatchedHost, WatchedHosts
from promptguard.rollout.bypass.ways import EXPLANATIONS, Way

MAX_ADDRESSES: Final = 200_000
"""Addresses of names that are kept, and of hosts by network that are counted before their names are known."""


_OTHER_RESOLVERS: Final = WatchedHost(ENCRYPTED_DNS, OTHER_RESOLVERS)


class Found(NamedTuple):
    """What went past the proxy on one way, from one network to one host."""

    way: Way
    service: str
    host: str
    network: str | None
    """None for all those networks together in which fewer than `FEWEST` machines were seen."""
    times: int | None
    """None where they are of fewer than `FEWEST` machines."""
    first_day: str
    """Empty where the log tells no time."""
    last_day: str
    by_address: bool
    """Whether only addresses were seen, and the host is one that a DNS answer gave such an address."""
    uses_proxy: bool
    """Whether machines of that network have reached the proxy, too."""

    @property
    def is_bypass(self) -> bool:
        """Whether it leads past inspection."""
        return EXPLANATIONS[self.way].is_bypass


@dataclass(slots=True)
class _Count:
    times: int = 0
    first_day: str = ""
    last_day: str = ""

    def add(self, times: int, first_day: str, last_day: str) -> None:
        self.times += times
        self._span(first_day, last_day)

    def merge(self, other: _Count) -> None:
        """Take up the same connections from another log."""
        self.times = max(self.times, other.times)
        self._span(other.first_day, other.last_day)

    def _span(self, first_day: str, last_day: str) -> None:
        self.first_day = min(filter(None, (self.first_day, first_day)), default="")
        self.last_day = max(self.last_day, last_day)


type _Key = tuple[Way, WatchedHost, str]


class Tally:
    """Takes what lines say, in any order of files, and tells what of it went past the proxy.

    Args:
        since: the first day that counts, such as 2026-11-29; what has no time always counts.
    """

    def __init__(self, watched: WatchedHosts, networks: Networks, since: str = "") -> None:
        self._watched = watched
        self._networks = networks
        self._since = since
        self._named: dict[_Key, _Count] = {}
        self._unnamed: dict[tuple[Way, str, str], _Count] = {}
        self._addresses: dict[str, WatchedHost | None] = {}
        self._served: set[str] = set()
        self.left_out = 0
        """Addresses for which there was no more room."""

    def take(self, seen: Observation) -> None:
        """Count one.

        Raises:
            ValueError: its source is no address.
        """
        if isinstance(seen, Answer):
            self._learn(seen)
        elif (network := self._networks.of(seen.source)) is not None and not (seen.day and seen.day < self._since):
            self._count(seen, network)

    def _count(self, seen: Connection | Query, network: str) -> None:
        if isinstance(seen, Query):
            self._count_host(Way.DNS, seen, network)
        elif self._networks.is_proxy(seen.target):
            if seen.way is not Way.ENCRYPTED_DNS:  # else it is our DNS server, which may be no proxy
                self._served.add(network)
        elif seen.way is Way.OTHER_PROXY and not self._networks.knows_proxies:
            return  # it may well be ours
        elif seen.way is Way.ENCRYPTED_DNS and not self._watched.find(seen.host):
            self._count_resolver(seen, network)
        elif seen.way is not None and seen.host:
            self._count_host(seen.way, seen, network)
        elif seen.way is not None and seen.target:
            self._count_address(seen.way, seen, network)

    def _count_host(self, way: Way, seen: Connection | Query, network: str) -> None:
        if host := self._watched.find(seen.host):
            way = Way.ENCRYPTED_DNS if host.service == ENCRYPTED_DNS else way
            self._named.setdefault((way, host, network), _Count()).add(1, seen.day, seen.day)

    def _count_resolver(self, seen: Connection, network: str) -> None:
        """One that no list knows, at an address outside: inside stands a company's own."""
        if not is_outside(seen.target):
            return
        if seen.host:
            self._named.setdefault((Way.ENCRYPTED_DNS, _OTHER_RESOLVERS, network), _Count()).add(1, seen.day, seen.day)
        else:
            self._count_address(Way.ENCRYPTED_DNS, seen, network)

    def _count_address(self, way: Way, seen: Connection, network: str) -> None:
        key = (way, canonical(seen.target), network)
        if key not in self._unnamed and len(self._unnamed) >= MAX_ADDRESSES:
            self.left_out += 1
            return
        self._unnamed.setdefault(key, _Count()).add(1, seen.day, seen.day)

    def _learn(self, answer: Answer) -> None:
        """Note whose an address is: nobody's, where a host of another service or of none has it, too."""
        host = self._watched.find(answer.host)
        address = canonical(answer.address)
        known = self._addresses.get(address, host)
        if address not in self._addresses and len(self._addresses) >= MAX_ADDRESSES:
            self.left_out += 1
            return
        same = known is not None and host is not None and known.service == host.service
        self._addresses[address] = known if same else None

    def found(self) -> list[Found]:
        """What was counted, by way, the most frequent first."""
        by_address = self._resolved()
        counts: dict[_Key, _Count] = {key: _copy(count) for key, count in self._named.items()}
        for key, count in by_address.items():
            counts.setdefault(key, _Count()).merge(count)
        unnamed = {key for key in by_address.keys() - self._named.keys() if key[1] != _OTHER_RESOLVERS}
        order = list(Way)
        return sorted(
            self._without_the_few(counts, unnamed),
            key=lambda each: (order.index(each.way), -(each.times or 0), each.host, each.network or ""),
        )

    def _resolved(self) -> dict[_Key, _Count]:
        found: dict[_Key, _Count] = {}
        for (way, address, network), count in self._unnamed.items():
            host = self._addresses.get(address)
            if way is Way.ENCRYPTED_DNS and (host is None or host.service != ENCRYPTED_DNS):
                host = _OTHER_RESOLVERS
            if host is not None:
                way = Way.ENCRYPTED_DNS if host.service == ENCRYPTED_DNS else way
                found.setdefault((way, host, network), _Count()).add(count.times, count.first_day, count.last_day)
        return found

    def _without_the_few(self, counts: dict[_Key, _Count], unnamed: Iterable[_Key]) -> Iterable[Found]:
        """Networks with enough machines by themselves; all others as one, without a number if those are few, too."""
        by_address = set(unnamed)
        few: dict[tuple[Way, WatchedHost], list[_Key]] = {}
        for key, count in counts.items():
            way, host, network = key
            if self._networks.machines(network) < FEWEST:
                few.setdefault((way, host), []).append(key)
                continue
            span = (count.first_day, count.last_day)
            yield Found(way, *host, network, count.times, *span, key in by_address, network in self._served)
        for (way, host), keys in few.items():
            whole = _Count()
            for key in keys:
                whole.add(counts[key].times, counts[key].first_day, counts[key].last_day)
            machines = sum(self._networks.machines(network) for _, _, network in keys)
            times = whole.times if machines >= FEWEST else None
            span = (whole.first_day, whole.last_day)
            served = any(network in self._served for _, _, network in keys)
            yield Found(way, *host, None, times, *span, all(key in by_address for key in keys), served)


def _copy(count: _Count) -> _Count:
    return _Count(count.times, count.first_day, count.last_day)
