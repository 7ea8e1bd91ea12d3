"""The busiest minutes of a simulated day, sent to the real proxy: does it take what was computed?"""

from __future__ import annotations

import heapq
import threading
import time

import numpy as np

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.day import KINDS, arrivals
from benchmarks.capacity.measuring import Bodies, Client, proxies
from benchmarks.capacity.runs import Replayed
from benchmarks.capacity.workload import Workload

CONNECTIONS = 16


def replay(people: int, minutes: float, workload: Workload, costs: Costs, seed: int, busy: float) -> Replayed:
    """Send what `people` send in the first minutes of the busiest hour, when they do (`busy`: as in `Replayed`)."""
    came = arrivals(people, workload, seed)
    begin = int(np.argmax(workload.hours)) * 3600.0
    chosen = (came.seconds >= begin) & (came.seconds < begin + minutes * 60)
    due = came.seconds[chosen] - begin
    kinds = [KINDS[number] for number in came.kinds[chosen]]
    bodies = Bodies(seed)
    prepared = [bodies.body(kind) for kind in kinds]
    with proxies() as (variant, _):
        endpoint = variant.endpoint
        with Client(endpoint) as first:
            for kind in KINDS:
                for _ in range(20):
                    first.post(bodies.body(kind))
        clients = [Client(endpoint) for _ in range(CONNECTIONS)]
        left = list(enumerate(due.tolist()))
        heapq.heapify(left)
        lock, took, refused = threading.Lock(), [], []
        before = variant.cpu_milliseconds()
        started = time.perf_counter()

        def drive(client: Client) -> None:
            while True:
                with lock:
                    if not left:
                        return
                    number, at = heapq.heappop(left)
                time.sleep(max(0.0, started + at - time.perf_counter()))
                status = client.post(prepared[number])
                passed = (time.perf_counter() - started - at) * 1000
                with lock:
                    (took if status == 200 else refused).append(passed)

        threads = [threading.Thread(target=drive, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = variant.cpu_milliseconds()
        for client in clients:
            client.close()
    return Replayed(
        people=people,
        minutes=minutes,
        requests=len(prepared),
        refused=len(refused),
        proxy_ms=after.proxy - before.proxy,
        proxy_expected_ms=sum(costs.requests[kind].proxy_ms for kind in kinds),
        names_ms=sum(after.workers) - sum(before.workers),
        names_expected_ms=sum(costs.requests[kind].names_ms for kind in kinds),
        p50_ms=float(np.percentile(took, 50)),
        p99_ms=float(np.percentile(took, 99)),
        busy=busy,
    )
