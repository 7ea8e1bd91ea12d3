"""The tables of docs/capacity.md, between its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.day import Day, simulate, with_one_away
from benchmarks.capacity.runs import Processes, Replayed, told
from benchmarks.capacity.sizing import Size, size
from benchmarks.capacity.workload import COMPANIES, Kind, Workload

PAGE = Path(__file__).parents[2] / "docs" / "capacity.md"
SEED = 20_261_130

_SAID = {
    Kind.SMALL: "a request of a web chat besides, 100 B",
    Kind.CLEAN: "a prompt of 2 KB without names",
    Kind.FOUND: "a prompt of 2 KB with names, replaced and put back",
    Kind.AGENT: "an agent's: 60 KB sent before and 1 KB new",
}


def tables(costs: Costs, workload: Workload, processes: Processes, replayed: Replayed) -> dict[str, str]:
    """Each table by its name in the marks."""
    sizes = [size(people, workload, costs) for people in COMPANIES]
    return {
        "costs": _costs(costs),
        "processes": processes.table,
        "workload": _workload(workload),
        "sizes": _sizes(sizes),
        "days": _days(sizes, workload, costs),
        "replayed": replayed.sentence,
    }


def written(page: str, tables: dict[str, str]) -> str:
    """The page with these tables."""
    for name, table in tables.items():
        mark = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
        page, count = re.subn(
            mark, lambda found, table=table: f"{found[1]}\n{table}\n{found[2]}", page, flags=re.DOTALL
        )
        assert count == 1, name
    return page


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    align = ["---", *["--:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, align, *rows))


def _costs(costs: Costs) -> str:
    rows = [
        [_SAID[kind], f"{cost.proxy_ms:.2f} ms", f"{cost.names_ms:.2f} ms"] for kind, cost in costs.requests.items()
    ]
    rows.append(["for comparison: 100 B with bare mitmproxy, in turn in the same run", f"{costs.bare_ms:.2f} ms", "–"])
    rows.append(["resident memory", f"{costs.proxy_mb:.0f} MB", f"{costs.names_mb:.0f} MB"])
    disk = costs.record_bytes
    return (
        _table(["processor time of", "proxy", "names worker"], rows)
        + f"\nA decision takes {disk['allowed']:,.0f} bytes of PostgreSQL's disk where nothing was found, and"
        + f" {disk['found']:,.0f} where values were\nreplaced, indexes and the console's tables included. Measured on"
        + f" {costs.machine}. {told(costs.busy)}\n"
    )


def _workload(workload: Workload) -> str:
    rows = [
        ["prompts of one person a working day", f"{workload.prompts:.0f}"],
        ["of them with something to find", f"{workload.found:.0%}"],
        ["further requests of the web chat for each prompt", f"{workload.small:.0f}"],
        ["people who use a coding agent", f"{workload.agent_users:.0%}"],
        ["its requests a working day", f"{workload.agent_sessions * workload.agent_requests:.0f}"],
        ["in bursts, one for each task, of", f"{workload.agent_requests:.0f}"],
        ["a task's requests begin, on average, every", f"{workload.agent_pause_seconds:.0f} s"],
        ["the busiest hour's share of the day", f"{workload.busiest_hour:.0%}"],
        ["working days a year", f"{workload.working_days}"],
    ]
    return _table(["assumed", ""], rows)


def _sizes(sizes: Sequence[Size]) -> str:
    rows = [
        [
            f"{each.people:,}",
            f"{each.per_second:,.1f}",
            f"{each.proxy_cores:.2f} + {each.names_cores:.2f}",
            f"{each.proxies} × (1 + {each.names_workers})",
            f"{each.cores}",
            f"{each.memory_gb:.0f} GB",
            f"{each.rows_day / 1e6:,.2f} M",
            f"{each.rows_kept / 1e6:,.0f} M",
            f"{each.disk_gb:,.0f} GB",
        ]
        for each in sizes
    ]
    head = [
        "people",
        "requests a second",
        "cores busy, proxies + names",
        "proxies × (itself + names workers)",
        "cores",
        "memory",
    ]
    return _table([*head, "decisions a day", "kept after a year", "disk"], rows)


def _days(sizes: Sequence[Size], workload: Workload, costs: Costs) -> str:
    rows = []
    for each in sizes:
        for away in dict.fromkeys((0, with_one_away(each))):
            rows.append(_day(each, away, simulate(each, workload, costs, SEED, away=away)))
    head = [
        "people; proxies away",
        "requests at one proxy",
        "most in a second",
        "p50",
        "p99",
        "worst",
        "longest queue",
        "refused",
    ]
    return _table([*head, "busy, proxy; names"], rows)


def _day(size: Size, away: int, day: Day) -> list[str]:
    times = [f"{each:,.0f} ms" for each in (day.p50_ms, day.p99_ms, day.worst_ms)]
    busy = f"{day.proxy_busy:.0%}; {day.names_busy:.0%}"
    named = f"{size.people:,}; {away}"
    return [named, f"{day.requests:,}", f"{day.busiest_second}", *times, f"{day.longest_queue}", f"{day.refused}", busy]
