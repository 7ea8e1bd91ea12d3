"""The last decisions, for people: on a terminal, as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from promptguard.audit.export import plain
from promptguard.audit.forms.interface import counts
from promptguard.audit.interface import Store
from promptguard.reasons import Reason

POLL_SECONDS = 0.5


def tail(
    store: Store,
    count: int = 20,
    *,
    follow: bool = False,
    wait: Callable[[], object] = lambda: time.sleep(POLL_SECONDS),
) -> Iterator[dict[str, Any]]:
    """The last `count` events as plain dicts, oldest first; then, if `follow`, new ones as they are recorded.

    Args:
        wait: called when there is nothing new; returns when it may be worth looking again, or raises to end.
    """
    after = 0
    for record in store.last(count):
        after = record.position
        yield plain(record)
    if count == 0 and (newest := store.last(1)):
        after = newest[0].position
    while follow:
        for record in store.records(after=after):
            after = record.position
            yield plain(record)
        wait()


def format_line(event: dict[str, Any], said: Callable[[Reason], str] = str) -> str:
    """One event on one line: time, action, destination, what was found, rule, id, pseudonym, and what was in the way.

    `said` turns reasons into sentences.
    """
    action = event["action"] if event["would"] is None else f"{event['action']} (would {event['would']})"
    found = counts(event, "data_class") or ("nothing found" if event["inspection"] == "inspected" else "not inspected")
    parts = (event["time"], f"{action:<8}", event["destination"], found, event["rule"], event["id"], event["pseudonym"])
    return _printable("  ".join([*map(str, parts), *map(said, reasons_of(event))]))


def reasons_of(event: dict[str, Any]) -> Iterator[Reason]:
    """Why a request was not inspected, and why the action is another one than the rule's, where that is so."""
    return (Reason.parse(written) for name in ("problem", "adjusted") if (written := str(event.get(name, ""))))


def _printable(line: str) -> str:
    """Whatever somebody may have put into the database, it does not steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in line)
