"""One incident as people look at it: what was done of its steps, what is left of its time, what may be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from promptguard.review.incidents.kinds import IncidentKind, StepAct, StepEntry


class IncidentSource(StrEnum):
    """How an incident came to be opened."""

    RULE = "rule"
    HAND = "hand"
    REPORT = "report"
    """A colleague told of it."""


class Did(StrEnum):
    """What happened to an incident."""

    OPENED = "opened"
    ADDED = "added"
    """A decision was added."""
    REPORTED = "reported"
    """A colleague told of it, too."""
    PAGED = "paged"
    NOT_PAGED = "not_paged"
    TAKEN_ON = "taken_on"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STEP_DONE = "step_done"
    STEP_UNDONE = "step_undone"
    ASSESSED = "assessed"
    NOW_EXPOSED = "now_exposed"
    REMARKED = "remarked"
    CLOSED = "closed"
    REOPENED = "reopened"


class Conclusion(StrEnum):
    """What an incident came to, as whoever closes it says."""

    CONFIRMED = "confirmed"
    """It happened."""
    FALSE_ALARM = "false_alarm"
    NOT_ESTABLISHED = "not_established"
    """Nobody can tell whether it happened."""


class PageState(StrEnum):
    """What became of a page."""

    SENT = "sent"
    BEING_SENT = "being_sent"
    TRIED_AGAIN = "tried_again"


@dataclass(frozen=True, slots=True)
class Who:
    """An account by its id and name; both empty for nobody."""

    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    """That a step was done."""

    at: int
    by: Who


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to an incident."""

    number: int
    at: int
    by: Who
    did: str
    about: str
    """The step, decision, account or page it is about; empty for the incident itself."""
    remark: str


@dataclass(frozen=True, slots=True)
class SentPage:
    """One page to one channel."""

    round: int
    minute: int
    channel: str
    tries: int
    sent: int | None
    problem: str

    @property
    def state(self) -> PageState:
        """What became of it."""
        if self.sent is not None:
            return PageState.SENT
        return PageState.TRIED_AGAIN if self.tries else PageState.BEING_SENT


@dataclass(frozen=True, slots=True)
class IncidentCase:
    """An incident. Times are seconds since 1970."""

    id: str
    kind_id: str
    kind: IncidentKind | None
    """None where `incidents.yaml` names it no more."""
    exposed: bool
    """Whether something left; else it was prevented."""
    what: str
    source: IncidentSource
    rule: str
    """The entry of `opened_by` that opened it; empty for none."""
    began: int
    opened: int
    opened_by: Who
    owner: Who
    offered_to: Who
    acknowledged: int | None
    closed: int | None
    reopened: int | None
    reason: str
    """Why it was closed."""
    conclusion: Conclusion | None
    """None while it is open, and where it was closed before this was asked."""
    round: int
    decisions: Sequence[str]
    done: Mapping[str, StepDone]

    @property
    def title(self) -> str:
        """What happened."""
        return self.kind.title if self.kind else self.kind_id.replace("_", " ")

    @property
    def due(self) -> int | None:
        """By when the steps are done that have to be done in time; None where the kind is gone."""
        return self.began + 60 * self.kind.deadline_min if self.kind else None

    @property
    def pages_from(self) -> int:
        """From when on the minutes of its pages count: when it was opened last, not before somebody could know."""
        return self.reopened or self.opened

    @property
    def in_time_left(self) -> list[StepEntry]:
        """Steps with a deadline that are still to do."""
        return [each for each in (self.kind.steps if self.kind else ()) if each.in_time and each.id not in self.done]

    @property
    def met_at(self) -> int | None:
        """When the last of the steps with a deadline was done; None where some are left."""
        if self.kind is None or self.in_time_left:
            return None
        return max(self.done[each.id].at for each in self.kind.steps if each.in_time)

    def waits_for(self, step: StepEntry) -> list[StepEntry]:
        """Steps that have to be done before it and are not."""
        assert self.kind
        before = self.kind.before(step)
        return [each for each in self.kind.steps if each.id in before and each.id not in self.done]

    @property
    def client_locked(self) -> bool:
        """Whether clients must not be told yet."""
        steps = self.kind.steps if self.kind else ()
        return any(each.act is StepAct.NOTIFY_CLIENT and self.waits_for(each) for each in steps)

    def time_left(self, now: float) -> str:
        """The clock in words, for people who see no colours."""
        due, met = self.due, self.met_at
        if due is None:
            return "no deadline"
        if met is not None:
            return "done in time" if met <= due else f"done {duration(met - due)} late"
        if self.closed is not None:
            return "closed with steps left"
        if due == self.began:
            return f"at once: open for {duration(now - self.began)}"
        return f"{duration(due - now)} left" if now <= due else f"overdue by {duration(now - due)}"

    def overdue(self, now: float) -> bool:
        """Whether what has to be done in time is not, and the time is over."""
        return self.closed is None and bool(self.in_time_left) and self.due is not None and now > self.due


def duration(seconds: float) -> str:
    """A span of time in words: `2 h 05 min`."""
    minutes = int(seconds) // 60
    if minutes < 1:
        return f"{max(int(seconds), 0)} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes // (24 * 60)} days"
