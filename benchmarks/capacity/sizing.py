"""How much a company needs: processes by what the busiest hour takes, disk by what is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.workload import Kind, Workload

BUSY = 0.6
"""How busy a process may be, on average, in the busiest hour: what is left is for bursts."""
SPARE = 1
"""Proxies beyond those that the busiest hour takes, so that one may be away."""
CONSOLES = 2
DAYS_ALLOWED, DAYS_FOUND = 90, 365
"""For how many days decisions are kept, by default, that let a request pass, and all others."""
SYSTEM_MB = 1_000
"""Of each machine for its system and what reads files."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a company of so many people needs."""

    people: int
    per_second: float
    """Requests to AI services in the busiest hour, on average."""
    proxy_cores: float
    """Busy in that hour, on average."""
    names_cores: float
    proxies: int
    """Proxy processes, `SPARE` included; each has a core."""
    names_workers: int
    """Of each proxy; each has a core."""
    memory_gb: float
    """Of all proxies, names workers and consoles."""
    rows_day: float
    """Decisions recorded a working day."""
    rows_kept: float
    """Decisions in the database after a year: the time of the others is over by then."""
    disk_gb: float
    """Of them, in GB of 10^9 bytes."""

    @property
    def cores(self) -> int:
        """Of all proxies and names workers."""
        return self.proxies * (1 + self.names_workers)


def size(people: int, workload: Workload, costs: Costs) -> Size:
    """Compute it."""
    requests = workload.requests(people)
    peak = {kind: count * workload.busiest_hour / 3600 for kind, count in requests.items()}
    proxy = sum(rate * costs.requests[kind].proxy_ms / 1000 for kind, rate in peak.items())
    names = sum(rate * costs.requests[kind].names_ms / 1000 for kind, rate in peak.items())
    needed = max(1, math.ceil(proxy / BUSY))
    workers = max(1, math.ceil(names / BUSY / needed))
    proxies = needed + SPARE
    megabytes = proxies * (costs.proxy_mb + workers * costs.names_mb + SYSTEM_MB) + CONSOLES * costs.console_mb
    found = requests[Kind.FOUND]
    allowed = sum(requests.values()) - found
    year = workload.working_days / 365
    kept_allowed, kept_found = allowed * DAYS_ALLOWED * year, found * DAYS_FOUND * year
    disk = kept_allowed * costs.record_bytes["allowed"] + kept_found * costs.record_bytes["found"]
    return Size(
        people=people,
        per_second=sum(peak.values()),
        proxy_cores=proxy,
        names_cores=names,
        proxies=proxies,
        names_workers=workers,
        memory_gb=megabytes / 1000,
        rows_day=allowed + found,
        rows_kept=kept_allowed + kept_found,
        disk_gb=disk / 1e9,
    )
