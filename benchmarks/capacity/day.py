"""A simulated day at one proxy: requests arrive, wait for the proxy, and, where they have text, for its names workers.

People's requests are a Poisson process whose rate follows the day; an agent's come in bursts, one task after the other.
People stay at one proxy, so that each proxy of a fleet has its share of them. The proxy serves one request at a time,
in their order, the workers as many as there are of them (FIFO). Service times vary around what was measured: more than
half take less, few take several times as long (gamma distribution of shape `SHAPE`). Waiting for the service and the
network is none of the proxy's work, and is not in it.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.sizing import SPARE, Size
from benchmarks.capacity.workload import Kind, Workload

SHAPE = 1.5
KINDS = tuple(Kind)

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Requests in the order of their arrival."""

    seconds: Floats
    """Of the day."""
    kinds: NDArray[np.int8]
    """Positions in `KINDS`."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a day was like at one proxy, for requests of people and agents."""

    requests: int
    busiest_second: int
    """Requests that arrived in it."""
    p50_ms: float
    """From a prompt's arrival to its decision."""
    p99_ms: float
    worst_ms: float
    longest_queue: int
    """Texts that waited for a names worker."""
    refused: int
    """Prompts that would have waited for longer than `names.wait_s`."""
    proxy_busy: float
    """Share of the busiest hour."""
    names_busy: float


WAIT_SECONDS = 10.0
"""The default of `names.wait_s`."""


def arrivals(people: float, workload: Workload, seed: int) -> Arrivals:
    """What the people of one proxy send in a day."""
    generator = np.random.default_rng(seed)
    requests = workload.requests(people)
    times, kinds = [], []
    for number, kind in enumerate(KINDS):
        if kind is Kind.AGENT:
            tasks = _moments(generator, people * workload.agent_users * workload.agent_sessions, workload)
            lengths = generator.geometric(1 / workload.agent_requests, size=len(tasks))
            pauses = generator.exponential(workload.agent_pause_seconds, size=int(lengths.sum()))
            ends = np.cumsum(lengths)
            passed = np.cumsum(pauses)
            passed -= np.repeat(passed[ends - lengths], lengths) if len(tasks) else 0.0
            found = np.repeat(tasks, lengths) + passed
        else:
            found = _moments(generator, requests[kind], workload)
        times.append(found)
        kinds.append(np.full(len(found), number, dtype=np.int8))
    together = np.concatenate(times)
    order = np.argsort(together, kind="stable")
    return Arrivals(together[order], np.concatenate(kinds)[order])


def _moments(generator: np.random.Generator, expected: float, workload: Workload) -> Floats:
    """Seconds of the day at which something begins, in no order."""
    share = np.asarray(workload.hours, dtype=np.float64) / sum(workload.hours)
    counts = generator.poisson(expected * share)
    return np.repeat(np.arange(24) * 3600.0, counts) + generator.random(int(counts.sum())) * 3600.0


def simulate(size: Size, workload: Workload, costs: Costs, seed: int, *, away: int = 0) -> Day:
    """A day at one proxy of a fleet, `away` of which are down all day: the others have their people."""
    share = size.people / (size.proxies - away)
    came = arrivals(share, workload, seed)
    generator = np.random.default_rng([seed, 1])
    vary = generator.gamma(SHAPE, 1 / SHAPE, size=len(came.seconds))
    proxy = np.asarray([costs.requests[kind].proxy_ms for kind in KINDS])[came.kinds] / 1000 * vary
    names = np.asarray([costs.requests[kind].names_ms for kind in KINDS])[came.kinds] / 1000 * vary
    served = served_in_order(came.seconds, proxy)
    decided, refused, longest = through_workers(served, names, size.names_workers)
    prompts = came.kinds != KINDS.index(Kind.SMALL)
    waited = (decided - came.seconds)[prompts & ~refused] * 1000
    hour = int(np.argmax(workload.hours))
    busy = (came.seconds >= hour * 3600) & (came.seconds < (hour + 1) * 3600)
    return Day(
        requests=len(came.seconds),
        busiest_second=int(np.bincount(came.seconds.astype(np.int64)).max()),
        p50_ms=float(np.percentile(waited, 50)),
        p99_ms=float(np.percentile(waited, 99)),
        worst_ms=float(waited.max()),
        longest_queue=longest,
        refused=int(refused.sum()),
        proxy_busy=float(proxy[busy].sum() / 3600),
        names_busy=float(names[busy].sum() / 3600 / size.names_workers),
    )


def served_in_order(arrived: Floats, takes: Floats) -> Floats:
    """When each leaves a single server: Lindley's recursion, without a loop."""
    done = np.cumsum(takes)
    return done + np.maximum.accumulate(arrived - (done - takes))


def through_workers(arrived: Floats, takes: Floats, workers: int) -> tuple[Floats, NDArray[np.bool_], int]:
    """When each leaves several servers with one queue; which were refused; how many waited at most.

    Those that take no time pass by. `arrived` is in order.
    """
    left, refused = arrived.copy(), np.zeros(len(arrived), dtype=np.bool_)
    free = [0.0] * workers
    waiting: list[float] = []
    longest = 0
    for number in np.flatnonzero(takes > 0):
        now = float(arrived[number])
        while waiting and waiting[0] <= now:
            heapq.heappop(waiting)
        starts = max(now, free[0])
        if starts - now > WAIT_SECONDS:
            refused[number] = True
            continue
        heapq.heapreplace(free, starts + float(takes[number]))
        if starts > now:
            heapq.heappush(waiting, starts)
            longest = max(longest, len(waiting))
        left[number] = starts + takes[number]
    return left, refused, longest


def with_one_away(size: Size) -> int:
    """How many proxies may be away."""
    return min(SPARE, size.proxies - 1)
