"""How many wrong passwords an address may try, and how long it waits then."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

FREE: Final = 10
"""Wrong passwords before the first wait, of all processes: many people may share an address."""

MAX_SECONDS: Final = 900.0
"""The longest wait. After as long without another wrong password all is forgotten."""

MAX_ADDRESSES: Final = 10_000
"""Beyond that the oldest is forgotten."""


@dataclass(slots=True)
class _Failures:
    count: int
    at: float

    def wait(self, free: int) -> float:
        """Seconds from the last failure: 1, 2, 4, ..."""
        return min(2.0 ** min(self.count - free, 60), MAX_SECONDS) if self.count >= free else 0.0


@dataclass(slots=True)
class _Trying:
    """Passwords of an address that are being checked, or wait for it."""

    checked: int = 0
    all: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Attempts:
    """Counts wrong passwords by address, in memory. Not by user: nobody is to lock out somebody else.

    Of IPv6 addresses the network of 64 bits counts: each machine may take any address in it (RFC 4291 2.5.4, RFC 8981).

    Args:
        now: a clock in seconds that never goes back.
        free: wrong passwords before the first wait: of several processes that share a port, each has its share.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, *, free: int = FREE) -> None:
        self._now = now
        self._free = free
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._trying: dict[str, _Trying] = {}

    @asynccontextmanager
    async def trying(self, address: str) -> AsyncIterator[float]:
        """While a password is checked: no more of an address at once than it may get wrong, or all would be checked
        before the first counts. The others wait for these.

        Yields:
            How many seconds it has to wait instead; 0 where it may be checked.
        """
        network = network_of(address)
        trying = self._trying.setdefault(network, _Trying())
        trying.all += 1
        try:
            async with trying.changed:
                await trying.changed.wait_for(
                    lambda: trying.checked < self._at_once(network) or self.seconds_to_wait(address) > 0
                )
                wait = self.seconds_to_wait(address)
                trying.checked += not wait
            try:
                yield wait
            finally:
                async with trying.changed:
                    trying.checked -= not wait
                    trying.changed.notify(trying.all if self.seconds_to_wait(address) else 1)
        finally:
            trying.all -= 1
            if not trying.all:
                self._trying.pop(network, None)

    def _at_once(self, network: str) -> int:
        failures = self._failures.get(network)
        return max(1, self._free - failures.count) if failures else self._free

    def seconds_to_wait(self, address: str) -> float:
        """How long until this address may try another password; 0 where it may now."""
        network = network_of(address)
        failures = self._failures.get(network)
        if failures is None:
            return 0.0
        passed = self._now() - failures.at
        if passed >= MAX_SECONDS:
            del self._failures[network]
            return 0.0
        return max(0.0, failures.wait(self._free) - passed)

    def failed(self, address: str) -> None:
        """Note a wrong password. A right one takes none back: whoever has one could go on guessing others'."""
        now, network = self._now(), network_of(address)
        before = self._failures.pop(network, None)
        count = before.count + 1 if before and now - before.at < MAX_SECONDS else 1
        self._failures[network] = _Failures(count, now)
        if len(self._failures) > MAX_ADDRESSES:
            self._failures.popitem(last=False)


def network_of(address: str) -> str:
    """What an address is counted as: itself, or of IPv6 its network of 64 bits."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((ip, 64), strict=False))
