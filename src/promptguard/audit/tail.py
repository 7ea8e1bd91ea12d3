"""The last decisions, for people: on a terminal, as they come."""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promptguard.audit.events import timestamp
from promptguard.audit.export import plain
from promptguard.audit.forms.interface import counts
from promptguard.audit.interface import Store
from promptguard.model import Action
from promptguard.reasons import Reason

POLL_SECONDS = 0.5

MAX_SHOWN = 5_000
"""Ids of decisions that are remembered while they are followed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions are to be shown; what is empty holds for all."""

    actions: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    pseudonyms: frozenset[str] = frozenset()
    since: datetime | None = None
    """Not before; with a time zone."""

    def holds(self, event: Mapping[str, Any]) -> bool:
        """Whether an event is one of them."""
        return (
            (not self.actions or event["action"] in self.actions or event["would"] in self.actions)
            and (not self.destinations or event["destination"] in self.destinations)
            and (not self.pseudonyms or event["pseudonym"] in self.pseudonyms)
            and (self.since is None or str(event["time"]) >= timestamp(self.since))
        )


ALL = Wanted()

HEADING = "time                      action    destination  found  rule  decision  person"
"""Of `format_line`."""


def tail(
    store: Store,
    count: int = 20,
    *,
    follow: bool = False,
    wanted: Wanted = ALL,
    wait: Callable[[], object] = lambda: time.sleep(POLL_SECONDS),
) -> Iterator[dict[str, Any]]:
    """The last `count` events as plain dicts, oldest first; then, if `follow`, new ones as they are recorded.

    Args:
        wanted: which events count; where it leaves some out, all since its time are read.
        wait: called when there is nothing new; returns when it may be worth looking again, or raises to end.
    """
    after = store.newest()
    shown: dict[str, None] = {}
    yield from _last(store, count, wanted, until=after)
    while follow:
        for record in store.records(after=after):
            after = record.position
            if record.event_id not in shown and wanted.holds(event := plain(record)):
                yield event
            _note(shown, record.event_id)
        wait()


def _note(shown: dict[str, None], event_id: str) -> None:
    """A database server that crashed gives what it had not flushed a new position."""
    shown[event_id] = None
    if len(shown) > MAX_SHOWN:
        del shown[next(iter(shown))]


def _last(store: Store, count: int, wanted: Wanted, *, until: int) -> Iterable[dict[str, Any]]:
    """The last events up to a position."""
    if wanted == ALL:
        return [plain(record) for record in store.last(count) if record.position <= until]
    since = timestamp(wanted.since) if wanted.since else None
    records = itertools.takewhile(lambda record: record.position <= until, store.records(since=since))
    return deque((event for event in map(plain, records) if wanted.holds(event)), maxlen=count)


def folded(events: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int]]:
    """Events for people, with how many there are of each: clean requests in a row are told once, by the last.

    Whatever was found, stopped or not inspected stands by itself.
    """

    def run(event: dict[str, Any]) -> tuple[Any, ...]:
        dull = event["action"] == Action.ALLOW and event["inspection"] == "inspected" and not event["findings"]
        told = event["would"] is not None or event["problem"] or event.get("uncovered_languages")
        alone = "" if dull and not told else event["id"]
        return (alone, event["destination"], event["rule"], event["pseudonym"])

    for _, group in itertools.groupby(events, run):
        several = list(group)
        yield several[-1], len(several)


def summary(events: Iterable[tuple[dict[str, Any], int]]) -> str:
    """How many decisions there are by action: `7 decisions: 5 allow, 2 block`."""
    counter: Counter[str] = Counter()
    for event, number in events:
        counter[str(event["action"])] += number
    total = counter.total()
    if not total:
        return "No such decisions are recorded."
    told = ", ".join(f"{number} {action}" for action, number in sorted(counter.items()))
    return f"{total} decision{'' if total == 1 else 's'}: {told}"


def format_line(event: dict[str, Any], said: Callable[[Reason], str] = str, *, number: int = 1) -> str:
    """One event on one line: time, action, destination, what was found, rule, id, pseudonym, and what was in the way.

    Args:
        said: turns reasons into sentences.
        number: how many such events in a row it stands for.
    """
    action = event["action"] if event["would"] is None else f"{event['action']} (would {event['would']})"
    found = counts(event, "data_class") or ("nothing found" if event["inspection"] == "inspected" else "not inspected")
    parts = (event["time"], f"{action:<8}", event["destination"], found, event["rule"], event["id"], event["pseudonym"])
    more = [f"and {number - 1} more like it before"] if number > 1 else []
    if event.get("incident") not in (None, "", event["id"]):
        more.append(f"same prompt as {event['incident']}")
    if languages := event.get("uncovered_languages"):
        more.append(f"names not found reliably in: {' '.join(languages)}")
    return _printable("  ".join([*map(str, parts), *map(said, reasons_of(event)), *more]))


def reasons_of(event: dict[str, Any]) -> Iterator[Reason]:
    """Why a request was not inspected, and why the action is another one than the rule's, where that is so."""
    return (Reason.parse(written) for name in ("problem", "adjusted") if (written := str(event.get(name, ""))))


def _printable(line: str) -> str:
    """Whatever somebody may have put into the database, it does not steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in line)
