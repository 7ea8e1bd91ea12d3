"""One change of an incident, and what has to hold before it is made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from promptguard.review.accounts import NotPossible
from promptguard.review.fitting import one_line
from promptguard.review.incident_tables import incident_decision, incident_mark
from promptguard.review.incidents.case import Did, IncidentCase
from promptguard.review.incidents.kinds import StepEntry
from promptguard.review.incidents.shelf import MAX_DECISIONS

MAX_WORDS = 500
"""Characters of what somebody writes."""

MAX_MARKS = 1000
"""By so many an incident knows its further decisions; what comes later opens another one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one incident."""

    did: Did
    values: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
    remark: str = ""
    also: Callable[[Connection], object] | None = None
    """What is written beside, in the same transaction."""


def attach(connection: Connection, id: str, decision_ids: Sequence[str], marks: Collection[str]) -> None:
    """Write down which decisions an incident is about, and by what further ones are known."""
    for each in dict.fromkeys(decision_ids[:MAX_DECISIONS]):
        connection.execute(insert(incident_decision).values(incident=id, decision_id=each))
    kept = set(connection.scalars(select(incident_mark.c.mark).where(incident_mark.c.incident == id)))
    for mark in sorted(set(marks) - kept)[: MAX_MARKS - len(kept)]:
        connection.execute(insert(incident_mark).values(incident=id, mark=mark))


def step_of(case: IncidentCase, id: str) -> StepEntry:
    """A step by its id.

    Raises:
        NotPossible: there is none.
    """
    step = case.kind.step(id) if case.kind else None
    if step is None:
        raise NotPossible("There is no such step.")
    return step


def require_open(case: IncidentCase) -> None:
    """See that it is open.

    Raises:
        NotPossible: it is closed.
    """
    if case.closed is not None:
        raise NotPossible("It is closed: open it again first.")


def some_words(text: str, otherwise: str = "Say why, in a few words.") -> str:
    """What somebody writes, in one line.

    Raises:
        NotPossible: nothing, and `otherwise` says what is to be written.
    """
    words = one_line(text, MAX_WORDS)
    if not words:
        raise NotPossible(otherwise)
    return words
