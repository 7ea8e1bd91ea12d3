"""How an installation is now, as the console shows it: cheap looks, one after the other, every half minute.

`promptguard doctor` looks deeper, once: at the configuration's meaning, and at every record.
"""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Store
from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.configuration.bundle import Bundle
from promptguard.destinations.reviews import reviews
from promptguard.destinations.sightings import SightingStore, Sign
from promptguard.errors import PromptGuardError
from promptguard.policy.standing import NOTHING_STANDS, Standing
from promptguard.policy.versions import PolicyRun, PolicyVersionStore
from promptguard.rollout.checks import CheckRow, answers, certificate, disk
from promptguard.rollout.orders import exceptions_ending, stops_in_force
from promptguard.runtime.coverage import first_day
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.decided import as_decided
from promptguard.runtime.state import State, read_state

SEEN_SECONDS = 120
"""A proxy says every half minute that it runs. One that was not seen for so long has gone, or lost the database."""

WAITING_SECONDS = 60
LATE_SECONDS = 900
"""For so long a record may wait for a sink, or for this console, before somebody should look, or has to act."""

COVERAGE_DAYS = 7
MAX_LOOKED_THROUGH = 1000
"""Records behind a sink's cursor among which the first of this installation is looked for."""

MAX_EXPOSITION = 1 << 20
"""Bytes of a proxy's metrics that are read."""

_SIGNS: Mapping[Sign, str] = {
    Sign.SPEECH: "speak an AI API where no route expects one",
    Sign.UNCLAIMED: "have a shape that no format describes",
    Sign.EMPTY: "had no text where their format looks for it",
    Sign.UNRESTORED: "were answered in a way in which nothing can be put back",
}


class CheckStanding(StrEnum):
    """How one thing is."""

    FINE = "fine"
    LOOK = "look"
    """Somebody should look at it."""
    BAD = "bad"
    """Something does not work."""
    UNKNOWN = "unknown"
    """It is not told, and the sentence says how it would be."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    subject: str
    standing: CheckStanding
    sentence: str
    """What is so, and if that is not right, what to do."""
    name: str = ""
    """Which of several of a kind."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at.

    The stores are those of an open database.
    """

    folder: DataFolder
    bundle: Callable[[], Bundle]
    record: Store
    sightings: SightingStore
    versions: PolicyVersionStore
    head_files: HeadFiles
    taken_up: Callable[[], int]
    """The position of the last record that this console shows."""
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    standing: Callable[[], Standing] = field(default=lambda: NOTHING_STANDS)
    """What people have ordered beside the policy."""
    doubts: Callable[[], Sequence[str]] = field(default=lambda: ())
    """See `Decided.doubts`."""


BUSY_SECONDS: Final = 3600
"""For how long it is pointed to that requests were refused as busy."""


def look(watched: Watched) -> list[Check]:
    """Look at everything. One broken thing does not keep the others from being looked at."""
    found: list[Check] = []
    for subject, check in _CHECKS.items():
        try:
            found.extend(check(watched))
        except PromptGuardError as error:
            found.append(Check(subject, CheckStanding.BAD, str(error)))
        except (OSError, ValueError) as error:
            told = getattr(error, "strerror", None) or type(error).__name__
            found.append(Check(subject, CheckStanding.BAD, f"It cannot be looked at: {told}."))
    return found


def _proxies_here(watched: Watched) -> Iterator[Check]:
    states = [state for path in watched.folder.states() if (state := read_state(path)) is not None]
    if not states:
        elsewhere = any(_is_seen(run, watched.now()) for run in watched.versions.running(_since(watched.now())))
        standing = CheckStanding.LOOK if elsewhere else CheckStanding.BAD
        yield Check("Proxy on this machine", standing, "None runs with this data folder. Start it: promptguard run")
    for state in states:
        yield Check("Proxy on this machine", *_state(state, watched.now()), name=str(state.pid))


def _state(state: State, now: datetime) -> tuple[CheckStanding, str]:
    where = ", ".join(state.listen)
    if not all(answers(address) for address in state.listen):
        return CheckStanding.BAD, f"Nothing answers on {where}: it ended without cleaning up. Start it again."
    if state.problem:
        return CheckStanding.BAD, state.problem
    if not state.whole:
        return CheckStanding.LOOK, f"Listens on {where}, and is still loading its detectors."
    told = f"Listens on {where}; policy {state.policy_version} ({state.policy_hash[:12]}) is in force."
    if not state.busy:
        return CheckStanding.FINE, told
    lately = state.busy_at >= timestamp(now - timedelta(seconds=BUSY_SECONDS))
    return (CheckStanding.LOOK if lately else CheckStanding.FINE), f"{told} {state.busy_sentence}"


def _proxies(watched: Watched) -> Iterator[Check]:
    """All that share the database. One that was killed is told until another on its machine is seen."""
    now = watched.now()
    runs = watched.versions.running(_since(now))
    seen = [run for run in runs if _is_seen(run, now)]
    newest = max((run.since for run in seen), default="")
    in_force = {run.hash for run in seen if run.since == newest}
    for run in runs:
        at = f"last seen {_shown(run.seen)}"
        if run in seen:
            other = run.hash not in in_force
            told = f"Runs configuration {run.hash[:12]} since {_shown(run.since)}, {at}."
            told += " Another proxy has taken up another one since: give both the same files." if other else ""
            yield Check("Proxy", CheckStanding.LOOK if other else CheckStanding.FINE, told, name=_named(run))
        elif not any(other.machine == run.machine for other in seen):
            told = f"It was {at}, and did not say that it ends. See that machine."
            yield Check("Proxy", CheckStanding.BAD, told, name=_named(run))


def _named(run: PolicyRun) -> str:
    return f"{run.machine}, process {run.process.partition('-')[0]}"


def _is_seen(run: PolicyRun, now: datetime) -> bool:
    return run.seen >= timestamp(now - timedelta(seconds=SEEN_SECONDS))


def _shown(time: str) -> str:
    return f"{time[:19].replace('T', ' ')} UTC"


def _since(now: datetime) -> str:
    return timestamp(now - timedelta(days=1))


def _database(watched: Watched) -> Iterator[Check]:
    started = time.perf_counter()
    last = watched.record.last(1)
    took = (time.perf_counter() - started) * 1000
    told = f"The last decision is of {_shown(last[-1].time)}." if last else "Nothing is recorded yet."
    yield Check("Database", CheckStanding.FINE, f"Answers in {took:.0f} ms. {told}")
    waiting = next(watched.record.records(after=watched.taken_up()), None)
    yield Check("Pages of this console", *_waiting(waiting.time if waiting else "", "It shows", watched.now()))


def _waiting(since: str, takes: str, now: datetime) -> tuple[CheckStanding, str]:
    """How something is that takes records as they come, by the time of the first that it has not taken."""
    if not since or since > timestamp(now - timedelta(seconds=WAITING_SECONDS)):
        return CheckStanding.FINE, f"{takes} every record."
    told = f"{takes} no records from {_shown(since)} on; it goes on where it stopped."
    late = since <= timestamp(now - timedelta(seconds=LATE_SECONDS))
    return CheckStanding.BAD if late else CheckStanding.LOOK, told


def _sinks(watched: Watched) -> Iterator[Check]:
    for name in watched.bundle().settings.audit.sinks:
        file = CursorFile(watched.folder.sinks / f"{name}.cursor")
        behind = islice(watched.record.records(after=file.read().position), MAX_LOOKED_THROUGH)
        first = next((each.time for each in behind if watched.head_files.is_ours(each.chain)), "")
        yield Check("Sink", *_waiting(first, "It was handed", watched.now()), name=name)


def _indexes(watched: Watched) -> Iterator[Check]:
    settings = watched.bundle().settings
    for name, index in (
        ("customers", settings.tenants.index),
        ("documents", settings.documents.index),
        ("source code", settings.sources.index),
    ):
        path = watched.folder.at(index)
        if path.exists():
            made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield Check("Index", CheckStanding.FINE, f"Made on {made:%Y-%m-%d %H:%M} UTC.", name=name)


def _queues(watched: Watched) -> Iterator[Check]:
    """What a proxy on this machine counts, where it tells that to anybody."""
    address = watched.bundle().settings.monitoring.address
    if address is None:
        told = (
            "Not told here: name monitoring.listen in promptguard.yaml, and proxies count for Prometheus and this page."
        )
        yield Check("Queues and workers", CheckStanding.UNKNOWN, told)
        return
    try:
        counted = _counted(address)
    except (OSError, http.client.HTTPException):
        yield Check("Queues and workers", CheckStanding.BAD, f"Nothing answers on {address[0]}:{address[1]}.")
        return
    if "names_workers" in counted:
        workers, queue = counted["names_workers"], counted.get("names_queue", 0)
        told = f"{workers:.0f} names workers run; {queue:.0f} pieces of text wait for them."
        yield Check("Queues and workers", CheckStanding.FINE if workers else CheckStanding.BAD, told)
    if away := counted.get("names_server_open", 0):
        told = f"The names server does not answer {away:.0f} of the workers: see `promptguard doctor`."
        yield Check("Queues and workers", CheckStanding.LOOK, told)
    if failing := counted.get("sinks_failing", 0):
        yield Check("Queues and workers", CheckStanding.LOOK, f"{failing:.0f} sinks take no records now.")
    missed = counted.get("unrecorded_total", 0)
    told = f"{missed:.0f} requests were refused since its start, as their decision could not be recorded."
    yield Check("Refused without a record", CheckStanding.LOOK if missed else CheckStanding.FINE, told)


def _counted(address: tuple[str, int]) -> dict[str, float]:
    """The metrics of a proxy that have no labels, without what all names begin with."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, address[1], timeout=2)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read(MAX_EXPOSITION).decode("utf-8", "replace")
    finally:
        connection.close()
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if name.startswith("promptguard_") and "{" not in name:
            found[name.removeprefix("promptguard_")] = float(value)
    return found


def _coverage(watched: Watched) -> Iterator[Check]:
    """Services that moved, or speak what no format describes."""
    names = watched.bundle().registry.names()
    seen: dict[str, Counter[Sign]] = {}
    for each in watched.sightings.since(first_day(COVERAGE_DAYS)):
        if each.sign in _SIGNS:
            seen.setdefault(each.destination, Counter())[each.sign] += each.times
    for destination, signs in sorted(seen.items()):
        parts = "; ".join(f"{count:,} {_SIGNS[sign]}" for sign, count in signs.most_common())
        told = f"Of its requests in {COVERAGE_DAYS} days, {parts}. More: promptguard coverage"
        yield Check("Coverage", CheckStanding.LOOK, told, name=names.get(destination, destination))
    if not seen:
        yield Check("Coverage", CheckStanding.FINE, f"All requests of {COVERAGE_DAYS} days were understood.")


def _reviews(watched: Watched) -> Iterator[Check]:
    registry = as_decided(watched.bundle().registry, watched.standing())
    overdue = reviews(registry.destinations, watched.now().date()).sentence()
    yield _remark("Reviews of services", overdue, "None is overdue")


def _stops(watched: Watched) -> Iterator[Check]:
    yield _remark("Stops", stops_in_force(watched.standing(), watched.now()), "Nothing is stopped")


def _exceptions(watched: Watched) -> Iterator[Check]:
    yield _remark("Exceptions", exceptions_ending(watched.standing(), watched.now()), "None ends soon")


def _remark(subject: str, told: str, else_told: str) -> Check:
    """What somebody should look at, where there is something."""
    return Check(subject, CheckStanding.LOOK if told else CheckStanding.FINE, f"{told or else_told}.")


def _as_checks(rows: Iterator[CheckRow]) -> Iterator[Check]:
    """Those of `promptguard doctor`. The folders that they name are for whoever has the command line."""
    for row in rows:
        standing = CheckStanding.BAD if not row.ok else CheckStanding.LOOK if row.mark == "!" else CheckStanding.FINE
        yield Check(row.subject.capitalize(), standing, f"{_sentence(row.sentence)}.")


def _orders(watched: Watched) -> Iterator[Check]:
    doubts = watched.doubts()
    for told in doubts:
        yield Check("Orders", CheckStanding.BAD, told)
    if not doubts:
        told = "Orders beside the policy and accepted false alarms are all there, as they were left."
        yield Check("Orders", CheckStanding.FINE, told)


_CHECKS: Mapping[str, Callable[[Watched], Iterator[Check]]] = {
    "Proxy on this machine": _proxies_here,
    "Proxy": _proxies,
    "Database": _database,
    "Orders": _orders,
    "Sink": _sinks,
    "Queues and workers": _queues,
    "Index": _indexes,
    "Coverage": _coverage,
    "Reviews of services": _reviews,
    "Stops": _stops,
    "Exceptions": _exceptions,
    "Disk": lambda watched: _as_checks(disk(watched.folder.path)),
    "Certificate": lambda watched: _as_checks(certificate(watched.folder)),
}


@dataclass(frozen=True, slots=True)
class HealthReport:
    """How everything was at one time."""

    time: str
    checks: Sequence[Check]
    last_fine: Mapping[tuple[str, str], str]
    """When each thing, by subject and name, was last found fine since the console started."""

    @property
    def wrong(self) -> list[Check]:
        """What does not work, and then what somebody should look at."""
        order = (CheckStanding.BAD, CheckStanding.LOOK)
        return sorted(
            (each for each in self.checks if each.standing in order), key=lambda each: order.index(each.standing)
        )

    def fine_at(self, check: Check) -> str:
        """When it was last found fine; empty where it never was."""
        return self.last_fine.get((check.subject, check.name), "")


def _sentence(words: str) -> str:
    """Words as a sentence begins; a path stays as it is."""
    first = words.partition(" ")[0]
    return words if "/" in first or "\\" in first else words[:1].upper() + words[1:]
