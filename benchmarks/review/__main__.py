"""How quick the console's pages are at many decisions, and how much memory it takes.

    python -m benchmarks.review [--decisions 1000000] [--only sqlite]

Decisions are brought into an installation in files, and into one on a PostgreSQL server in a temporary folder. Then a
console is started there, as `promptguard run` starts it, and somebody who is signed in asks for each page forty times
over HTTP: what is told is from the request to the last byte of the page, of an export to its first. A page of a list is
asked for at the beginning of the list and in its middle. At the end everything is exported.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.review.console import Visitor, signed_in
from benchmarks.review.decisions import DAYS, IDLE_SERVICE, RARE_RULE, RARE_SERVICE
from benchmarks.review.installations import Filled, on_postgresql, on_sqlite

TIMES = 40
GOAL_MS = 100.0
INSTALLATIONS = {"sqlite": on_sqlite, "postgresql": on_postgresql}

FILTERS: dict[str, dict[str, str]] = {
    "no filter": {},
    "action": {"action": "block"},
    "service": {"destination": "service_8"},
    "rare service": {"destination": RARE_SERVICE},
    "rule": {"rule": "rule-3"},
    "rare rule": {"rule": RARE_RULE},
    "kind of data": {"class": "credentials"},
    "entity type": {"entity": "PERSON"},
    "rare entity type": {"entity": "RARE"},
    "group": {"group": "sales"},
    "not inspected": {"inspection": "not_inspected"},
    "with findings": {"found": "1"},
    "words of services": {"text": "service_1"},
    "words of a rare service": {"text": "_rare"},
    "words of nothing": {"text": "zzz"},
    "service and action": {"destination": "service_8", "action": "block"},
    "service and action that never meet": {"destination": IDLE_SERVICE, "action": "block"},
    "rare service and rare rule": {"destination": RARE_SERVICE, "rule": RARE_RULE},
    "rare rule and action": {"rule": RARE_RULE, "action": "block"},
    "rare entity type and group": {"entity": "RARE", "group": "sales"},
    "rare entity type and kind of data": {"entity": "RARE", "class": "personal_data"},
    "rare rule and kind of data": {"rule": RARE_RULE, "class": "credentials"},
    "words and kind of data": {"text": "_rare", "class": "credentials"},
    "service never blocked and kind of data": {"destination": IDLE_SERVICE, "action": "block", "class": "credentials"},
    "not inspected and action": {"inspection": "not_inspected", "action": "block"},
}


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--only", choices=INSTALLATIONS, help="one kind of database")
    parser.add_argument("--no-export", action="store_true", help="leave out the export of everything")
    asked = parser.parse_args()
    now = datetime.now(UTC)
    for name, installation in INSTALLATIONS.items():
        if asked.only in (None, name):
            with (
                tempfile.TemporaryDirectory(prefix="promptguard-bench-") as folder,
                installation(Path(folder), asked.decisions, now) as filled,
            ):
                measure(filled, asked.decisions, now, export=not asked.no_export)


def measure(filled: Filled, count: int, now: datetime, *, export: bool) -> None:
    """Look at all pages of a console on an installation."""
    print(f"\n## {filled.name}, {count:,} decisions, {filled.size / 2**30:.1f} GiB\n")
    print(f"Brought in within {filled.seconds:.0f} s ({count / filled.seconds:,.0f} a second).\n", flush=True)
    with signed_in(filled.config, filled.data, filled.server) as visitor:
        after_start = visitor.memory
        print("| page | CPU ms | first ms | p50 ms | p95 ms | most ms |  |")
        print("| --- | --: | --: | --: | --: | --: | --- |")
        for name, ask in _pages(visitor, now):
            print(_row(name, ask, visitor), flush=True)
        print(f"\nMemory: {after_start:.0f} MB after the start, {visitor.most_memory:.0f} MB at most so far")
        for form in ("csv", "jsonl", "parquet") if export else ():
            size, seconds = visitor.download(f"/decisions/export?form={form}")
            rate = count / seconds
            print(
                f"Export of all as {form}: {size / 2**20:,.0f} MB in {seconds:.0f} s ({rate:,.0f} decisions a second)"
            )
            print(
                f"Memory: {visitor.memory:.0f} MB after that, {visitor.most_memory:.0f} MB at most so far", flush=True
            )


def _pages(visitor: Visitor, now: datetime) -> Iterator[tuple[str, Callable[[], float]]]:
    middle = f"{now - timedelta(days=DAYS / 2):%Y-%m-%dT%H:%M:%S.000Z}~0"
    day = {"since": f"{now - timedelta(days=60):%Y-%m-%d}", "until": f"{now - timedelta(days=60):%Y-%m-%d}"}
    for period in ("day", "week", "month"):
        yield f"overview of a {period}", partial(visitor.get, f"/?period={period}")
    for name, wanted in FILTERS.items():
        yield name, partial(visitor.get, f"/decisions?{urlencode(wanted)}")
        yield f"{name}, in the middle", partial(visitor.get, f"/decisions?{urlencode({**wanted, 'before': middle})}")
    for name in ("action", "with findings", "kind of data", "rare rule"):
        yield f"{name}, each by itself", partial(visitor.get, f"/decisions?{urlencode({**FILTERS[name], 'apart': 1})}")
        yield f"{name}, one day", partial(visitor.get, f"/decisions?{urlencode({**FILTERS[name], **day})}")
    for name in ("no filter", "with findings"):
        ids = re.findall(r"/decision/(pg-[0-9A-Z-]+)", visitor.text(f"/decisions?{urlencode(FILTERS[name])}"))
        yield f"one decision ({name})", partial(visitor.get, f"/decision/{ids[0]}")
    for name, path in (("services", "/destinations"), ("health", "/health"), ("ledger", "/ledger")):
        yield name, partial(visitor.get, path)
    for form in ("csv", "jsonl", "ocsf", "parquet"):
        yield f"export of all as {form}, first bytes", partial(visitor.begin, f"/decisions/export?form={form}")
    rare = urlencode({"form": "csv", **FILTERS["rare entity type"]})
    yield "export of a rare entity type, first bytes", partial(visitor.begin, f"/decisions/export?{rare}")


def _row(name: str, ask: Callable[[], float], visitor: Visitor) -> str:
    """A row of the table. The first of all is told apart: it may find nothing in memory."""
    first, taken = ask(), []
    ended, cpu = time.perf_counter() + 30, visitor.cpu
    while len(taken) < TIMES and time.perf_counter() < ended:
        taken.append(ask())
    cpu = (visitor.cpu - cpu) / len(taken)
    taken.sort()
    p95 = taken[max(0, -(-len(taken) * 95 // 100) - 1)]
    slow = "**slow**" if p95 > GOAL_MS else ""
    return f"| {name} | {cpu:.0f} | {first:.0f} | {taken[len(taken) // 2]:.1f} | {p95:.1f} | {taken[-1]:.1f} | {slow} |"


if __name__ == "__main__":
    main()
