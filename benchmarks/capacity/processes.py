"""What a further process on the same port adds: the same requests to one process and to several, in turn.

Processor time is measured, not the clock alone: who sends the requests and who answers them take of the same cores.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the modules of `make bench` import each other by bare names

import psutil
import yaml

from benchmarks.capacity.measuring import Bodies
from benchmarks.capacity.runs import Processes, Shared
from benchmarks.capacity.workload import Kind
from load import Endpoint, at_once
from promptguard.demo.proxy_process import PromptGuardProcess
from upstream import Upstream
from variants import ROOT, configured

COUNTS = (1, 2)
CONNECTIONS = 128
"""At once. The kernel gives each to one of the processes."""
ROUNDS = 5


def measure(requests: int, busy: float, counts: Sequence[int] = COUNTS) -> Processes:
    """Send so many prompts of 2 KB to each number of processes, a round to each in turn; names are not looked for.

    Args:
        busy: as `Processes.busy`.
        counts: of processes.
    """
    bodies = Bodies(1)
    sums = {count: [0.0] * 4 for count in counts}
    each = max(requests // ROUNDS, CONNECTIONS)
    with _proxies(counts) as proxies:
        load = [psutil.Process(), *(psutil.Process(each.pid) for each in multiprocessing.active_children())]
        for proxy in proxies.values():
            at_once(_endpoint(proxy), [bodies.body(Kind.CLEAN) for _ in range(CONNECTIONS)], 600.0, CONNECTIONS)
        for _ in range(ROUNDS):
            for count, proxy in proxies.items():
                prepared = [bodies.body(Kind.CLEAN) for _ in range(each)]
                before, load_before, began = _used(proxy), sum(map(_milliseconds, load)), time.perf_counter()
                assert not at_once(_endpoint(proxy), prepared, 600.0, CONNECTIONS).refused
                seconds, after = time.perf_counter() - began, _used(proxy)
                used = [after[pid] - before.get(pid, 0.0) for pid in after]
                took = (sum(used), max(used), seconds, sum(map(_milliseconds, load)) - load_before)
                sums[count] = [whole + part for whole, part in zip(sums[count], took, strict=True)]
    shared = {count: Shared(each * ROUNDS, *(round(one, 3) for one in sums[count])) for count in counts}
    return Processes(shared, CONNECTIONS, busy)


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
