"""What a further process on the same port adds: the same requests to one process and to several, in turn.

Processor time is measured, not the clock alone: who sends the requests and who answers them take of the same cores.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).parents[1]))  # the modules of `make bench` import each other by bare names

import psutil
import yaml

from benchmarks.capacity.measuring import Bodies
from benchmarks.capacity.workload import Kind
from load import Client, Endpoint, at_once
from promptguard.demo.proxy_process import PromptGuardProcess
from upstream import Upstream
from variants import ROOT, configured

MEASURED = Path(__file__).parents[1] / "results" / "processes.json"
COUNTS = (1, 2)
CONNECTIONS = 32
"""At once. The kernel gives each to one of the processes."""
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Shared:
    """What requests took that so many processes have shared."""

    requests: int
    cpu_ms: float
    """Processor time of all of them, and of the one that starts them."""
    busiest_ms: float
    """That of the busiest of each round: when it is busy all the time, more requests wait."""
    seconds: float
    """By the clock."""
    load_ms: float
    """Processor time of who sent the requests and of the service, on the same machine."""

    @property
    def each_ms(self) -> float:
        """Processor time of a request."""
        return self.cpu_ms / self.requests

    def times(self, one: Shared) -> float:
        """How many times as many requests as one process it takes, where each process has a core of its own."""
        return (one.busiest_ms / one.requests) / (self.busiest_ms / self.requests)


@dataclass(frozen=True, slots=True)
class Processes:
    """By how many shared them."""

    shared: Mapping[int, Shared]

    @classmethod
    def load(cls, path: Path = MEASURED) -> Self:
        """As they were written."""
        told = json.loads(path.read_text("utf-8"))
        return cls({int(count): Shared(**each) for count, each in told.items()})

    def save(self, path: Path = MEASURED) -> None:
        """For `load`."""
        told = {str(count): asdict(each) for count, each in self.shared.items()}
        path.write_text(json.dumps(told, indent=2) + "\n", "utf-8")


def measure(requests: int, counts: Sequence[int] = COUNTS) -> Processes:
    """Send so many prompts of 2 KB to each number of processes, a round to each in turn; names are not looked for."""
    bodies = Bodies(1)
    sums = {count: [0.0] * 4 for count in counts}
    each = max(requests // ROUNDS, CONNECTIONS)
    with _proxies(counts) as proxies:
        load = [psutil.Process(), *(psutil.Process(each.pid) for each in multiprocessing.active_children())]
        for proxy in proxies.values():
            for _ in range(4):  # connections go to each of the processes, most likely
                with Client(_endpoint(proxy)) as client:
                    for _ in range(10):
                        client.post(bodies.body(Kind.CLEAN))
        for _ in range(ROUNDS):
            for count, proxy in proxies.items():
                prepared = [bodies.body(Kind.CLEAN) for _ in range(each)]
                before, load_before, began = _used(proxy), sum(map(_milliseconds, load)), time.perf_counter()
                assert not at_once(_endpoint(proxy), prepared, 600.0, CONNECTIONS).refused
                seconds, after = time.perf_counter() - began, _used(proxy)
                used = [after[pid] - before.get(pid, 0.0) for pid in after]
                took = (sum(used), max(used), seconds, sum(map(_milliseconds, load)) - load_before)
                sums[count] = [whole + part for whole, part in zip(sums[count], took, strict=True)]
    return Processes({count: Shared(each * ROUNDS, *(round(one, 3) for one in sums[count])) for count in counts})


@contextmanager
def _proxies(counts: Sequence[int]) -> Iterator[Mapping[int, PromptGuardProcess]]:
    with tempfile.TemporaryDirectory(prefix="promptguard-processes-") as name, ExitStack() as stack:
        upstream = stack.enter_context(Upstream(Path(name, "upstream")))
        found = {}
        for count in counts:
            folder = Path(name, str(count))
            config = configured(ROOT / "config", folder / "config", {"enabled": False})
            settings = yaml.safe_load((config / "promptguard.yaml").read_text())
            (config / "promptguard.yaml").write_text(yaml.safe_dump({**settings, "proxy": {"processes": count}}))
            proxy = PromptGuardProcess(
                config=config,
                data=folder / "data",
                connect_to={"*": upstream.address},
                upstream_authority=upstream.certificates.authority,
            )
            found[count] = stack.enter_context(proxy)
        yield found


def _endpoint(proxy: PromptGuardProcess) -> Endpoint:
    return Endpoint(proxy.port, proxy.authority, proxied=True)


def _used(proxy: PromptGuardProcess) -> dict[int, float]:
    process = psutil.Process(proxy.pid)
    return {each.pid: _milliseconds(each) for each in (process, *process.children(recursive=True))}


def _milliseconds(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2])) * 1000
