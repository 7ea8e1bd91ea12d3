"""Which pages are due: by the minutes of a kind, until somebody has taken the incident on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.kinds import IncidentsFile


class DuePage(NamedTuple):
    """One page that should have been sent by now."""

    incident: str
    round: int
    minute: int
    channel: str
    number: int
    """Of this channel's pages, from 1."""
    of: int

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What tells it from all others."""
        return self[:4]


def due_pages(case: IncidentCase, file: IncidentsFile, now: float) -> Iterator[DuePage]:
    """The pages of an incident that are due, sent or not; none once it was taken on or closed."""
    if case.kind is None or case.acknowledged is not None or case.closed is not None:
        return
    for name in file.paged(case.kind):
        minutes = sorted({each for each in case.kind.pages_min if each >= file.channels[name].from_min})
        for number, minute in enumerate(minutes, 1):
            if now >= case.pages_from + 60 * minute:
                yield DuePage(case.id, case.round, minute, name, number, len(minutes))
