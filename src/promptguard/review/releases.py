"""Releasing evidence: one person asks, another one approves, and only the first fetches it, for a while.

What is fetched is sealed: it opens with the company's private key, which neither this database nor the server has.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, insert, select, update

from promptguard.review.accounts import NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.release_tables import release
from promptguard.review.roles import Permission
from promptguard.review.tables import account
from promptguard.review.two_persons import chose_password, may, not_two_persons

MAX_WORDS: Final = 500
"""Characters of a remark or an answer."""
MAX_REFERENCE: Final = 100
MIN_WORDS: Final = 10
"""Characters of words that say something."""
MAX_WAITING: Final = 20
"""Requests of one account that wait for an answer."""
PAGE: Final = 100


class Cause(StrEnum):
    """What evidence is needed for."""

    INCIDENT = "incident"
    CLIENT_NOTICE = "client_notice"
    CREDENTIAL = "credential"
    LEGAL = "legal"
    OWN_REQUEST = "own_request"


CAUSES: Final = {
    Cause.INCIDENT: "An incident is being handled",
    Cause.CLIENT_NOTICE: "A client has to be told what left",
    Cause.CREDENTIAL: "A credential has to be found and rotated",
    Cause.LEGAL: "A court or an authority demands it",
    Cause.OWN_REQUEST: "The person whose prompt it was asks for it",
}
"""In words."""


class ReleaseState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    OPEN = "open"
    EXPIRED = "expired"
    USED_UP = "used_up"


STATES: Final = {
    ReleaseState.WAITING: "Waits for an answer",
    ReleaseState.LAPSED: "Lapsed: nobody answered in time",
    ReleaseState.WITHDRAWN: "Withdrawn by the one who asked",
    ReleaseState.REFUSED: "Refused",
    ReleaseState.OPEN: "Approved: it can be opened now",
    ReleaseState.EXPIRED: "Over: the time for opening it has passed",
    ReleaseState.USED_UP: "Used up: it was fetched as often as was allowed",
}
"""In words."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long requests and releases hold."""

    request_seconds: int = 72 * 3600
    release_seconds: int = 30 * 60
    openings: int = 3


@dataclass(frozen=True, slots=True)
class Release:
    """A request to release the evidence of a decision, and what became of it. Times are in seconds since 1970."""

    id: str
    decision_id: str
    requester: str
    requester_name: str
    cause: Cause
    remark: str
    reference: str
    """An incident or a ticket."""
    asked: int
    lapses: int
    approver_name: str
    """Of whoever answered; empty while nobody has."""
    answered: int
    answer: str
    ends: int
    """When it can be opened no more, where it was approved."""
    openings: int
    """How often it was fetched."""
    allowed: int
    state: ReleaseState


class Releases:
    """The requests of an installation. For any thread; several processes may use the same database.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: ReviewDatabase, terms: Terms, now: Callable[[], float] = time.time) -> None:
        self.terms = terms
        self._database = database
        self._now = now

    def find(self, id: str) -> Release | None:
        """A request by its id."""
        with self._database.reading() as connection:
            row = connection.execute(_SELECT.where(release.c.id == id)).mappings().one_or_none()
        return self._release(row) if row else None

    def all(self, size: int = PAGE) -> list[Release]:
        """The requests, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_SELECT.order_by(release.c.asked.desc(), release.c.id).limit(size)).mappings()
            return [self._release(row) for row in rows]

    def ask(self, decision_id: str, requester: str, cause: str, remark: str, reference: str) -> str:
        """Ask for the evidence of a decision, and return the id of the request.

        Raises:
            NotPossible: a reason is missing, the same was asked already, or too much waits.
        """
        remark, reference = checked_reason(cause, remark, reference)
        now = int(self._now())
        waiting = (release.c.requester == requester) & (release.c.answered == 0) & (release.c.withdrawn == 0)
        with self._database.writing() as connection:
            open_ones = connection.scalars(select(release.c.decision_id).where(waiting, release.c.lapses > now)).all()
            if decision_id in open_ones:
                raise NotPossible("You have asked for this already, and nobody has answered yet.")
            if len(open_ones) >= MAX_WAITING:
                raise NotPossible(f"{MAX_WAITING} requests of yours wait for an answer: withdraw some.")
            id = secrets.token_hex(8)
            asked = {"asked": now, "lapses": now + self.terms.request_seconds, "withdrawn": 0, "answered": 0}
            answer = {"approver": "", "granted": 0, "answer": "", "ends": 0, "openings": 0, "allowed": 0}
            reason = {"requester": requester, "cause": cause, "remark": remark, "reference": reference}
            values = {"id": id, "decision_id": decision_id, **reason, **asked, **answer}
            connection.execute(insert(release).values(values))
        return id

    def check_answer(self, id: str, approver: str, words: str) -> None:
        """See whether somebody may answer a request.

        Raises:
            NotPossible: they may not, and why.
        """
        with self._database.reading() as connection:
            self._check_answer(connection, id, approver, words)

    def answer(self, id: str, approver: str, words: str, *, granted: bool) -> None:
        """Approve or refuse a request.

        Raises:
            NotPossible: see `check_answer`.
        """
        now = int(self._now())
        given = {"granted": 1, "ends": now + self.terms.release_seconds, "allowed": self.terms.openings}
        values = {
            "approver": approver,
            "answered": now,
            "answer": one_line(words, MAX_WORDS),
            **(given if granted else {}),
        }
        with self._database.writing() as connection:
            self._check_answer(connection, id, approver, words)
            still = (release.c.id == id) & (release.c.answered == 0) & (release.c.withdrawn == 0)
            connection.execute(update(release).where(still).values(values))

    def withdraw(self, id: str, requester: str) -> None:
        """Take a request back, or a release that is not needed any more.

        Raises:
            NotPossible: it is somebody else's, or over.
        """
        with self._database.writing() as connection:
            found = self._own(connection, id, requester)
            if found.state not in (ReleaseState.WAITING, ReleaseState.OPEN):
                raise NotPossible(f"{STATES[found.state]}.")
            connection.execute(update(release).where(release.c.id == id).values(withdrawn=1))

    def check_fetch(self, id: str, requester: str) -> Release:
        """The release that somebody may fetch.

        Raises:
            NotPossible: they may not, and why.
        """
        with self._database.reading() as connection:
            return self._fetchable(connection, id, requester)

    def fetch(self, id: str, requester: str) -> None:
        """Count that it is fetched once more.

        Raises:
            NotPossible: see `check_fetch`.
        """
        once_more = {"openings": release.c.openings + 1}
        there_is_one = (release.c.id == id) & (release.c.openings < release.c.allowed)
        with self._database.writing() as connection:
            self._fetchable(connection, id, requester)
            if connection.execute(update(release).where(there_is_one).values(once_more)).rowcount != 1:
                raise NotPossible(f"{STATES[ReleaseState.USED_UP]}.")

    def _fetchable(self, connection: Connection, id: str, requester: str) -> Release:
        found = self._own(connection, id, requester)
        if found.state is not ReleaseState.OPEN:
            raise NotPossible(f"{STATES[found.state]}.")
        if chose_password(connection, requester, found.asked):
            raise NotPossible("Your password was chosen after this was asked for: ask again.")
        return found

    def _own(self, connection: Connection, id: str, requester: str) -> Release:
        row = connection.execute(_SELECT.where(release.c.id == id)).mappings().one_or_none()
        if row is None or row["requester"] != requester:
            raise NotPossible("Only the one who asked can do this.")
        return self._release(row)

    def _check_answer(self, connection: Connection, id: str, approver: str, words: str) -> None:
        row = connection.execute(_SELECT.where(release.c.id == id)).mappings().one_or_none()
        if row is None:
            raise NotPossible("There is no such request.")
        found = self._release(row)
        if found.state is not ReleaseState.WAITING:
            raise NotPossible(f"{STATES[found.state]}.")
        if found.requester != approver and not may(connection, found.requester, Permission.ASK_RELEASE):
            raise NotPossible("The one who asked may not ask any more.")
        if problem := not_two_persons(connection, found.requester, approver):
            raise NotPossible(problem)
        if chose_password(connection, approver, found.asked):
            raise NotPossible("Your password was chosen after this was asked for: somebody else has to answer.")
        if len(one_line(words, MAX_WORDS)) < MIN_WORDS:
            raise NotPossible(f"Say why, in {MIN_WORDS} characters or more.")

    def _release(self, row: Any) -> Release:
        return Release(
            row["id"],
            row["decision_id"],
            row["requester"],
            row["requester_name"] or "",
            Cause(row["cause"]),
            row["remark"],
            row["reference"],
            row["asked"],
            row["lapses"],
            row["approver_name"] or "",
            row["answered"],
            row["answer"],
            row["ends"],
            row["openings"],
            row["allowed"],
            _state(row, int(self._now())),
        )


def checked_reason(cause: str, remark: str, reference: str) -> tuple[str, str]:
    """A remark and a reference as they are kept.

    Raises:
        NotPossible: one is missing, or the cause is none of the list.
    """
    remark, reference = one_line(remark, MAX_WORDS), one_line(reference, MAX_REFERENCE)
    if cause not in set(Cause):
        raise NotPossible("Choose what it is needed for.")
    if len(remark) < MIN_WORDS:
        raise NotPossible(f"Say why, in {MIN_WORDS} characters or more.")
    if not reference:
        raise NotPossible("Name the incident or the ticket.")
    return remark, reference


_REQUESTER, _APPROVER = account.alias("asking"), account.alias("answering")

_SELECT: Final[Select[Any]] = (
    select(release, _REQUESTER.c.name.label("requester_name"), _APPROVER.c.name.label("approver_name"))
    .outerjoin(_REQUESTER, _REQUESTER.c.id == release.c.requester)
    .outerjoin(_APPROVER, _APPROVER.c.id == release.c.approver)
)


def _state(row: Any, now: int) -> ReleaseState:
    if row["withdrawn"]:
        return ReleaseState.WITHDRAWN
    if not row["answered"]:
        return ReleaseState.WAITING if now < row["lapses"] else ReleaseState.LAPSED
    if not row["granted"]:
        return ReleaseState.REFUSED
    # One that was answered in the future was answered before the clock was set back: it would last too long.
    if not row["answered"] <= now < row["ends"]:
        return ReleaseState.EXPIRED
    return ReleaseState.OPEN if row["openings"] < row["allowed"] else ReleaseState.USED_UP
