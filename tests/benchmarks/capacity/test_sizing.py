"""What a company needs, computed by hand for costs that are easy to count with."""

from __future__ import annotations

import pytest

from benchmarks.capacity.costs import Costs, RequestCost
from benchmarks.capacity.page import PAGE, tables, written
from benchmarks.capacity.runs import Processes, Replayed
from benchmarks.capacity.sizing import size
from benchmarks.capacity.workload import Kind, Workload

COSTS = Costs(
    machine="a machine",
    busy=0.0,
    bare_ms=1.0,
    requests={kind: RequestCost(10.0, 0.0 if kind is Kind.SMALL else 20.0) for kind in Kind},
    proxy_mb=200.0,
    names_mb=50.0,
    console_mb=100.0,
    record_bytes={"allowed": 1_000.0, "found": 2_000.0},
)
HOURS = tuple(100.0 if hour == 9 else 0.0 for hour in range(24))
WORKLOAD = Workload(
    prompts=36.0, found=0.5, small=1.0, agent_users=0.0, agent_sessions=0.0, working_days=365, hours=HOURS
)


def test_processes_are_as_many_as_the_busiest_hour_takes_and_one_more() -> None:
    """1,000 people: 36,000 prompts and as many small requests in one hour are 10 + 10 a second."""
    found = size(1_000, WORKLOAD, COSTS)
    assert found.per_second == pytest.approx(20.0)
    assert found.proxy_cores == pytest.approx(0.2)
    assert found.names_cores == pytest.approx(0.2)
    assert (found.proxies, found.names_workers, found.cores) == (2, 1, 4)
    larger = size(10_000, WORKLOAD, COSTS)
    assert (larger.proxies, larger.names_workers, larger.cores) == (5, 1, 10), "2 cores busy at 60 % are four"
    assert larger.memory_gb == pytest.approx((5 * (200 + 50 + 1_000) + 2 * 100) / 1_000)


def test_the_database_has_what_is_not_over_yet() -> None:
    found = size(1_000, WORKLOAD, COSTS)
    assert found.rows_day == pytest.approx(72_000)
    assert found.rows_kept == pytest.approx(54_000 * 90 + 18_000 * 365)
    assert found.disk_gb == pytest.approx((54_000 * 90 * 1_000 + 18_000 * 365 * 2_000) / 1e9)


def test_shares_of_a_day_and_agents() -> None:
    workload = Workload()
    requests = workload.requests(100)
    assert requests[Kind.CLEAN] + requests[Kind.FOUND] == pytest.approx(100 * workload.prompts)
    assert requests[Kind.AGENT] == pytest.approx(
        100 * workload.agent_users * workload.agent_sessions * workload.agent_requests
    )
    assert sum(workload.hours) == pytest.approx(100)


def test_the_page_has_a_place_for_each_table() -> None:
    made = tables(COSTS, WORKLOAD_OF_FEW, Processes.load(), Replayed.load())
    page = written(PAGE.read_text("utf-8"), made)
    assert all(table in page for table in made.values())


WORKLOAD_OF_FEW = Workload(prompts=0.02, agent_users=0.001)
