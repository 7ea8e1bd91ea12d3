"""Earlier confirmed incidents of the same person, within one incident: one asks, another approves, and the two look.

    id = earlier.ask(incident, decision, by=ann, reason="Is it the first time?")
    earlier.answer(id, ben, "HR has to know", granted=True)
    earlier.look(id, ann)

Nothing is counted, and what is seen is kept nowhere. Each act is noted in the ledger before it is done, and the ledger,
which nobody can make up who has the database alone, is what tells that one asked and another one approved.
"""

from __future__ import annotations

import secrets
import time
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, insert, select, update

from promptguard.audit.events import timestamp
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.earlier_tables import earlier_request
from promptguard.review.fitting import fitted, one_line
from promptguard.review.incident_tables import incident as incidents
from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.change import MAX_WORDS
from promptguard.review.incidents.earlier_request import (
    EARLIER_STATES,
    REQUESTS,
    EarlierRequest,
    EarlierState,
    request_of,
)
from promptguard.review.incidents.kinds import EarlierTerms
from promptguard.review.incidents.same_person import SamePerson
from promptguard.review.ledger import Act, Ledger
from promptguard.review.own_names import own_pseudonyms
from promptguard.review.roles import Permission
from promptguard.review.two_persons import chose_password, may, not_two_persons

MIN_WORDS: Final = 10
"""Characters of words that say something."""

_NONE: Final = "There is no such request."


class EarlierIncidents:
    """The requests of an installation, and what they lead to. For any thread; several processes may write.

    Args:
        same_person: reads the record.
        pseudonym: `Keys.pseudonym`.
        now: seconds since 1970.
    """

    def __init__(
        self,
        database: ReviewDatabase,
        same_person: SamePerson,
        ledger: Ledger,
        terms: EarlierTerms,
        pseudonym: Callable[[str], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.terms = terms
        self._database = database
        self._same_person = same_person
        self._ledger = ledger
        self._shelf = same_person.shelf
        self._pseudonym = pseudonym
        self._now = now

    def of_incident(self, incident: str) -> Sequence[EarlierRequest]:
        """The requests within an incident, the newest first."""
        newest = REQUESTS.order_by(earlier_request.c.asked.desc(), earlier_request.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(newest.where(earlier_request.c.incident == incident)).mappings().all()
        return [request_of(row, int(self._now())) for row in rows]

    def waiting(self) -> Sequence[EarlierRequest]:
        """Those that wait for an answer, in incidents that are open, the oldest first."""
        columns, now = earlier_request.c, int(self._now())
        oldest = REQUESTS.where(_unanswered(now)).order_by(columns.asked, columns.id)
        with self._database.reading() as connection:
            return [request_of(row, now) for row in connection.execute(oldest).mappings()]

    def find(self, id: str) -> EarlierRequest:
        """A request by its id.

        Raises:
            NotPossible: there is none.
        """
        with self._database.reading() as connection:
            return self._find(connection, id)

    def ask(self, incident: str, decision_id: str, by: Account, reason: str) -> str:
        """Ask to see earlier incidents of whoever made the request of a decision, and return the id of what is asked.

        Raises:
            NotPossible: it cannot be asked, and why.
            PromptGuardError: it cannot be noted, and is not asked.
        """
        if decision_id not in self._case(incident).decisions:
            raise NotPossible("Choose a decision of this incident.")
        self._is_another(decision_id, by)
        now, id = int(self._now()), secrets.token_hex(8)
        row = {
            "id": id,
            "incident": incident,
            "decision_id": decision_id,
            "requester": by.id,
            "reason": _checked(reason),
            "asked": now,
            "lapses": now + 3600 * self.terms.request_hours,
            "withdrawn": 0,
            "approver": "",
            "answered": 0,
            "granted": 0,
            "answer": "",
            "ends": 0,
        }
        columns = earlier_request.c
        same = (columns.incident == incident) & (columns.decision_id == decision_id)
        self._note(Act.EARLIER_ASKED, incident, by, request=id, decision=decision_id)
        with self._database.writing() as connection:
            if connection.scalar(select(columns.id).where(same, _unanswered(now)).limit(1)):
                raise NotPossible("This was asked already, and nobody has answered yet.")
            connection.execute(insert(earlier_request).values(fitted(earlier_request, row)))
        return id

    def check_answer(self, id: str, by: Account, words: str) -> EarlierRequest:
        """A request that somebody may answer.

        Raises:
            NotPossible: they may not, and why.
        """
        with self._database.reading() as connection:
            found = self._find(connection, id)
            _require(found, EarlierState.WAITING)
            self._check_two(connection, found, found.requester.id, by)
        self._case(found.incident)
        self._is_another(found.decision_id, by)
        _checked(words)
        return found

    def problem(self, request: EarlierRequest, by: Account) -> str:
        """Why somebody may not answer a request, as a sentence; empty if they may."""
        try:
            self.check_answer(request.id, by, "words enough")
        except NotPossible as problem:
            return str(problem)
        return ""

    def answer(self, id: str, by: Account, words: str, *, granted: bool) -> None:
        """Approve or refuse a request.

        Raises:
            NotPossible: see `check_answer`; or another was quicker.
            PromptGuardError: it cannot be noted, and is not answered.
        """
        found, now = self.check_answer(id, by, words), int(self._now())
        values: dict[str, object] = {"approver": by.id, "answered": now, "answer": _checked(words)}
        told = {"request": id, "by_request_of": found.requester.name}
        if granted:
            ends = now + 3600 * self.terms.look_hours
            values |= {"granted": 1, "ends": ends}
            self._note(Act.EARLIER_APPROVED, found.incident, by, **told, until=_time(ends))
        else:
            self._note(Act.EARLIER_REFUSED, found.incident, by, **told)
        still = (earlier_request.c.id == id) & (earlier_request.c.answered == 0) & (earlier_request.c.withdrawn == 0)
        with self._database.writing() as connection:
            if connection.execute(update(earlier_request).where(still).values(values)).rowcount != 1:
                raise NotPossible("Somebody else was quicker.")

    def withdraw(self, id: str, by: Account) -> None:
        """Take a request back; or end the looking, as either of the two.

        Raises:
            NotPossible: it is not theirs, or over.
            PromptGuardError: it cannot be noted, and does not end.
        """
        found = self.find(id)
        if by.id not in {found.requester.id, found.approver.id}:
            raise NotPossible("Only the two can end this.")
        _require(found, EarlierState.WAITING, EarlierState.OPEN)
        self._note(Act.EARLIER_WITHDRAWN, found.incident, by, request=id)
        with self._database.writing() as connection:
            connection.execute(update(earlier_request).where(earlier_request.c.id == id).values(withdrawn=1))

    def look(self, id: str, by: Account) -> Sequence[IncidentCase]:
        """Earlier confirmed incidents of the same person, the newest first.

        Raises:
            NotPossible: they may not look, and why.
            PromptGuardError: it cannot be noted, and is not shown.
        """
        with self._database.reading() as connection:
            found = self._find(connection, id)
            _require(found, EarlierState.OPEN)
            if by.id not in found.the_two:
                raise NotPossible("Only who asked and who approved can look.")
            (other,) = found.the_two - {by.id} or {by.id}
            self._check_two(connection, found, other, by)
        self._check_noted(found)
        case = self._case(found.incident)
        self._is_another(found.decision_id, by)
        self._note(Act.EARLIER_SEEN, case.id, by, request=id)
        since = months_before(datetime.fromtimestamp(int(self._now()), UTC), self.terms.months)
        return self._same_person.confirmed(case, found.decision_id, since)

    def _case(self, incident: str) -> IncidentCase:
        """The incident, where one may look back from it."""
        if not self.terms.months:
            raise NotPossible("Nobody looks back here: `earlier.months` of incidents.yaml is 0.")
        case = self._shelf.find(incident)
        if case is None:
            raise NotPossible("There is no such incident.")
        if case.closed is not None:
            raise NotPossible("This incident is closed: one looks back only while it is open.")
        if not case.exposed:
            raise NotPossible("Nothing left in this incident: there is nothing to compare with what was before.")
        return case

    def _is_another(self, decision_id: str, by: Account) -> None:
        """See that it is not about whoever asks, answers or looks, as far as names tell."""
        if self._same_person.pseudonym(decision_id) in own_pseudonyms(by.name, self._pseudonym):
            raise NotPossible("This is about yourself: two other people have to decide on it.")

    def _check_two(self, connection: Connection, found: EarlierRequest, other: str, by: Account) -> None:
        """See that two persons do this, both of whom still may."""
        if other != by.id and not may(connection, other, Permission.LOOK_BACK):
            raise NotPossible("The other one may not do this any more.")
        if not may(connection, by.id, Permission.LOOK_BACK):
            raise NotPossible("You may not do this any more.")
        if problem := not_two_persons(connection, other, by.id):
            raise NotPossible(problem)
        if chose_password(connection, by.id, found.asked):
            raise NotPossible("Your password was chosen after this was asked for: ask again.")

    def _check_noted(self, found: EarlierRequest) -> None:
        """See that it was asked and approved here, and not written into the database by somebody."""
        asking, answering = found.requester.id, found.approver.id

        def noted(act: Act, account: str, **detail: str) -> bool:
            told = {"request": found.id, **detail}
            return self._ledger.has(act, account=account, object=found.incident, detail=told)

        asked = noted(Act.EARLIER_ASKED, asking, decision=found.decision_id)
        if not asked or not noted(Act.EARLIER_APPROVED, answering, until=_time(found.ends)):
            raise NotPossible("The ledger does not have that this was asked and approved: verify it.")
        if noted(Act.EARLIER_WITHDRAWN, asking) or noted(Act.EARLIER_WITHDRAWN, answering):
            raise NotPossible("The ledger has that one of the two ended this.")

    def _note(self, act: Act, incident: str, by: Account, **detail: str) -> None:
        self._ledger.note(act, account=by.id, name=by.name, object=incident, detail=detail)

    def _find(self, connection: Connection, id: str) -> EarlierRequest:
        row = connection.execute(REQUESTS.where(earlier_request.c.id == id)).mappings().one_or_none()
        if row is None:
            raise NotPossible(_NONE)
        return request_of(row, int(self._now()))


def months_before(moment: datetime, months: int) -> datetime:
    """The same time of day so many months before, on the month's last day where there is none of that number."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _time(seconds: int) -> str:
    return timestamp(datetime.fromtimestamp(seconds, UTC))


def _unanswered(now: int) -> ColumnElement[bool]:
    """The same as `EarlierState.WAITING`."""
    columns = earlier_request.c
    reopened_since = incidents.c.reopened.is_not(None) & (incidents.c.reopened > columns.asked)
    closed = (incidents.c.id == columns.incident) & (incidents.c.closed.is_not(None) | reopened_since)
    unanswered = (columns.answered == 0) & (columns.withdrawn == 0) & (columns.asked <= now) & (columns.lapses > now)
    return unanswered & ~select(incidents.c.id).where(closed).correlate(earlier_request).exists()


def _require(found: EarlierRequest, *states: EarlierState) -> None:
    if found.state not in states:
        raise NotPossible(f"{EARLIER_STATES[found.state]}.")


def _checked(words: str) -> str:
    """Words in one line.

    Raises:
        NotPossible: they say nothing.
    """
    said = one_line(words, MAX_WORDS)
    if len(said) < MIN_WORDS:
        raise NotPossible(f"Say why, in {MIN_WORDS} characters or more.")
    return said
