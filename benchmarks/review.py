"""How long the console's pages wait for the database, at many decisions.

    python benchmarks/review.py [--decisions 1000000]

Decisions are made up: 60 services, 15 rules, half a year; one in ten has a finding. They are taken up as the console
takes up the record. Then each kind of list is asked for twenty times, at its beginning and in its middle, and the
counts of a day, a week and a month. What is told is the slowest but one of the twenty.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from promptguard.audit.events import timestamp
from promptguard.audit.interface import Record
from promptguard.review.database import ReviewDatabase
from promptguard.review.decisions import PAGE, Decisions, Filter
from promptguard.review.overview import Counts
from promptguard.review.projection import BATCH, write

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 180
TIMES = 20

FILTERS = {
    "no filter": Filter(),
    "action": Filter(action="block"),
    "service": Filter(destination="service_7"),
    "kind of data": Filter(data_class="credentials"),
    "entity type": Filter(entity="PERSON"),
    "rare entity type": Filter(entity="RARE"),
    "group": Filter(group="sales"),
    "with findings": Filter(found=True),
    "words": Filter(text="service_7"),
    "words of nothing": Filter(text="zzz"),
    "service and action": Filter(destination="service_7", action="block"),
    "action, one day": Filter(action="block", since="2026-02-01", until="2026-02-02"),
    "kind, rule, one day": Filter(data_class="personal_data", rule="rule-3", since="2026-02-01", until="2026-02-02"),
    "rare entity type and group": Filter(entity="RARE", group="sales"),
    "inspection and action": Filter(inspection="not_inspected", action="block"),
}


def decisions(count: int) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Made-up decisions, evenly over the time."""
    random_ = random.Random(1)
    prompt = ""
    for position in range(1, count + 1):
        action = random_.choices(("allow", "redact", "block"), (90, 8, 2))[0]
        name = random_.choices(("EMAIL_ADDRESS", "PERSON", "PASSWORD", "RARE"), (40, 40, 20, 0.1))[0]
        data_class = "credentials" if name == "PASSWORD" else "personal_data"
        members = {
            "destination": f"service_{random_.randrange(60)}",
            "rule": f"rule-{random_.randrange(15)}",
            "inspection": random_.choices(("inspected", "not_inspected"), (99, 1))[0],
            "findings": [] if action == "allow" else [{"entity_type": name, "data_class": data_class}],
            "incident": "",
            "groups": [random_.choices(("staff", "sales"), (80, 20))[0]],
        }
        if members["findings"]:  # an agent's prompt has one to eight requests, each with the same in it
            prompt = prompt if prompt and random_.random() < 0.6 else f"pg-{position:016d}"
            members["incident"] = prompt
        when = timestamp(START + timedelta(days=DAYS * position / count))
        yield Record(position, f"pg-{position:016d}", when, action, b"", b"", b"", b"", "1", position), members


def take_up(database: ReviewDatabase, count: int) -> float:
    """Take them up; seconds."""
    started = time.perf_counter()
    batch: list[tuple[Record, dict[str, Any]]] = []
    for each in decisions(count):
        batch.append(each)
        if len(batch) == BATCH * 20 or each[0].position == count:
            with database.writing() as connection:
                write(connection, batch)
            batch.clear()
    return time.perf_counter() - started


def slowest(ask: Callable[[], object]) -> float:
    """Milliseconds of the slowest but one of twenty."""
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[-2]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--decisions", type=int, default=1_000_000)
    count = parser.parse_args().decisions
    with tempfile.TemporaryDirectory() as folder, closing(ReviewDatabase.open(Path(folder) / "review.db")) as database:
        seconds = take_up(database, count)
        size = (Path(folder) / "review.db").stat().st_size >> 20
        print(f"{count:,} decisions taken up in {seconds:.0f} s ({count / seconds:,.0f} a second), {size} MB\n")
        found, counts = Decisions(database), Counts(database)
        middle = (timestamp(START + timedelta(days=DAYS / 2)), count // 2)
        print("| page | first, ms | in the middle, ms |\n| --- | --: | --: |")
        for name, wanted in FILTERS.items():
            for together in (False, True):
                asked = partial(found.page, wanted, size=PAGE + 1, together=together)
                first, later = slowest(asked), slowest(partial(asked, before=middle))
                print(f"| {name}{', prompts together' if together else ''} | {first:.1f} | {later:.1f} |")
        for name, hours in (("day", 24), ("week", 168), ("month", 720)):
            taken = slowest(lambda hours=hours: counts.overview(START + timedelta(days=DAYS), hours))
            print(f"| overview of a {name} | {taken:.1f} | |")
        print(f"\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB of memory at most")


if __name__ == "__main__":
    main()
