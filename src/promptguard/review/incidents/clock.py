"""Which pages there are to be: by the minutes of a kind until somebody takes an incident on; then by its deadline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.kinds import IncidentKind, IncidentsFile


class DuePage(NamedTuple):
    """One page that is to be sent at a time, unless things change until then."""

    incident: str
    round: int
    minute: int
    """After it was opened; where its deadline has passed, after its clock began."""
    channel: str
    number: int
    """Of this channel's pages, from 1."""
    of: int
    at: int
    """When it is to be sent, in seconds since 1970."""
    overdue: bool = False
    """Whether it is sent because the deadline has passed, and not because nobody has taken it on."""

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What tells it from all others."""
        return self[:4]

    @property
    def told(self) -> str:
        """Which one it is, in words."""
        return f"{self.channel}, {'deadline' if self.overdue else f'minute {self.minute}'}"


def pages_of(case: IncidentCase, file: IncidentsFile) -> Iterator[DuePage]:
    """The pages of an incident as it is now, due, sent or not.

    Until it is taken on there are those of its kind's minutes. Where it was taken on before its deadline, each channel
    gets one page at the deadline, or at its own `from_min` where that is later, unless what has to be done in time is
    done by then. Once it is closed there are none.
    """
    if case.kind is None or case.closed is not None:
        return
    if case.acknowledged is None:
        yield from _until_taken_on(case, case.kind, file)
    elif case.due is not None and case.acknowledged < case.due and case.in_time_left:
        yield from _once_overdue(case, case.kind, file)


def _until_taken_on(case: IncidentCase, kind: IncidentKind, file: IncidentsFile) -> Iterator[DuePage]:
    for name in file.paged(kind):
        minutes = sorted({each for each in kind.pages_min if each >= file.channels[name].from_min})
        for number, minute in enumerate(minutes, 1):
            at = case.pages_from + 60 * minute
            yield DuePage(case.id, case.round, minute, name, number, len(minutes), at)


def _once_overdue(case: IncidentCase, kind: IncidentKind, file: IncidentsFile) -> Iterator[DuePage]:
    for name in file.paged(kind):
        minute = max(kind.deadline_min, file.channels[name].from_min)
        yield DuePage(case.id, case.round, minute, name, 1, 1, case.began + 60 * minute, overdue=True)
