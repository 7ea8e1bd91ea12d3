"""One request to see earlier incidents of the same person, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, select

from promptguard.review.earlier_tables import earlier_request
from promptguard.review.incident_tables import incident
from promptguard.review.incidents.case import Who
from promptguard.review.tables import account


class EarlierState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    OPEN = "open"
    OVER = "over"
    CLOSED = "closed"
    """The incident was closed since, whether or not it was opened again."""


EARLIER_STATES: Final = {
    EarlierState.WAITING: "Waits for another person",
    EarlierState.LAPSED: "Lapsed: nobody answered in time",
    EarlierState.WITHDRAWN: "Ended by one of the two",
    EarlierState.REFUSED: "Refused",
    EarlierState.OPEN: "Approved: the two can look now",
    EarlierState.OVER: "Over: the time for looking has passed",
    EarlierState.CLOSED: "Over: the incident was closed",
}
"""In words."""


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """A request, and what became of it. Times are seconds since 1970, 0 for not yet."""

    id: str
    incident: str
    decision_id: str
    """One of the incident's decisions: earlier incidents of whose request it was are asked for."""
    requester: Who
    reason: str
    asked: int
    lapses: int
    approver: Who
    """Whoever answered; nobody while nobody has."""
    answered: int
    answer: str
    ends: int
    """Until when the two may look."""
    state: EarlierState

    @property
    def the_two(self) -> frozenset[str]:
        """Ids of the accounts that may look once it is approved."""
        return frozenset({self.requester.id, self.approver.id}) if self.state is EarlierState.OPEN else frozenset()


_REQUESTER, _APPROVER = account.alias("asking"), account.alias("answering")

REQUESTS: Final[Select[Any]] = (
    select(
        earlier_request,
        _REQUESTER.c.name.label("requester_name"),
        _APPROVER.c.name.label("approver_name"),
        incident.c.closed.label("incident_closed"),
        incident.c.reopened.label("incident_reopened"),
    )
    .outerjoin(_REQUESTER, _REQUESTER.c.id == earlier_request.c.requester)
    .outerjoin(_APPROVER, _APPROVER.c.id == earlier_request.c.approver)
    .outerjoin(incident, incident.c.id == earlier_request.c.incident)
)
"""All requests, as `request_of` reads them."""


def request_of(row: Any, now: int) -> EarlierRequest:
    """A row of `REQUESTS`, as it stands at a time in seconds since 1970."""
    return EarlierRequest(
        id=row["id"],
        incident=row["incident"],
        decision_id=row["decision_id"],
        requester=Who(row["requester"], row["requester_name"] or ""),
        reason=row["reason"],
        asked=row["asked"],
        lapses=row["lapses"],
        approver=Who(row["approver"], row["approver_name"] or ""),
        answered=row["answered"],
        answer=row["answer"],
        ends=row["ends"],
        state=_state(row, now),
    )


def _state(row: Any, now: int) -> EarlierState:
    if row["withdrawn"]:
        return EarlierState.WITHDRAWN
    ends = row["ends"] if row["granted"] else 0 if row["answered"] else row["lapses"]
    if now < ends and (row["incident_closed"] is not None or (row["incident_reopened"] or 0) > row["asked"]):
        return EarlierState.CLOSED
    if not row["answered"]:
        return EarlierState.WAITING if row["asked"] <= now < row["lapses"] else EarlierState.LAPSED
    if not row["granted"]:
        return EarlierState.REFUSED
    # One that was answered in the future was answered before the clock was set back: it would last too long.
    return EarlierState.OPEN if row["answered"] <= now < row["ends"] else EarlierState.OVER
