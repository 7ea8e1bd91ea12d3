"""The book of incidents: opens them, and keeps what is done about each, by whom and when.

    book.open("data_exposed", ["pg-…"], by=account, what="Sent by mistake", exposed=True)

is all that another page needs. Each change is noted in the ledger before it is made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from promptguard.audit.events import new_event_id
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.incident_tables import incident, incident_entry, incident_mark, incident_step
from promptguard.review.incidents.case import Conclusion, Did, IncidentCase, IncidentSource
from promptguard.review.incidents.change import MAX_WORDS, Change, attach, require_open, some_words, step_of
from promptguard.review.incidents.kinds import IncidentsFile, StepAct, StepEntry
from promptguard.review.incidents.shelf import MAX_DECISIONS, IncidentShelf
from promptguard.review.ledger import Act, Ledger
from promptguard.review.two_persons import has_told, not_two_persons
from promptguard.storage.changes import Topic


class _OpenAlready(Exception):
    """There is an incident of this kind about this decision."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


class IncidentBook:
    """The incidents of an installation. For any thread; several processes may write.

    Args:
        file: what `incidents.yaml` says.
        now: seconds since 1970.
    """

    def __init__(
        self, database: ReviewDatabase, file: IncidentsFile, ledger: Ledger, now: Callable[[], float] = time.time
    ) -> None:
        self.database = database
        self._ledger = ledger
        self._now = now
        self.file = file
        self.shelf = IncidentShelf(database, file)
        """Reads them."""

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._now())

    def open(
        self,
        kind: str,
        decision_ids: Sequence[str],
        by: Account | None,
        what: str,
        exposed: bool,
        *,
        source: IncidentSource = IncidentSource.HAND,
        began: int | None = None,
        rule: str = "",
        marks: Collection[str] = (),
    ) -> str:
        """Open an incident, and say its id (`in-` and sixteen characters). Its clock and its pages begin with it.

        Args:
            kind: an id of `incidents.yaml` (`book.file.kinds`).
            decision_ids: of decisions it is about, as the record has them; may be none.
            by: who opens it; None for a rule, or for a colleague who has not said who they are.
            what: what happened, in a few words without values (`MAX_WORDS`).
            exposed: whether something left; False where it was prevented.
            source: `Source.REPORT` for a colleague's report.
            began: when its clock began, in seconds since 1970; now, where that is not said.
            rule: the entry of `opened_by` that opens it.
            marks: by what further decisions are known to belong to it.

        Raises:
            NotPossible: there is no such kind.
            PromptGuardError: it cannot be noted or written, and is not opened.
        """
        if self.file.kind(kind) is None:
            raise NotPossible(f"incidents.yaml names no kind of incident “{kind}”.")
        id = f"in-{new_event_id().removeprefix('pg-')}"
        now = self.now()
        self._note(Act.INCIDENT_OPENED, id, by, kind=kind, source=str(source), rule=rule)
        row: dict[str, object] = {
            "id": id,
            "kind": kind,
            "exposed": int(exposed),
            "what": one_line(what, MAX_WORDS),
            "source": str(source),
            "rule": rule,
            "began": now if began is None else min(began, now),
            "opened": now,
            "opened_by": by.id if by else "",
            "owner": "",
            "offered_to": "",
            "acknowledged": None,
            "closed": None,
            "reason": "",
            "conclusion": "",
            "round": 1,
            "reopened": None,
            "entries": 1,
        }
        with self.database.writing() as connection:
            if source is IncidentSource.REPORT and decision_ids and (known := self._open_about(kind, decision_ids[0])):
                raise _OpenAlready(known)
            connection.execute(insert(incident).values(row))
            attach(connection, id, decision_ids, marks)
            self._entry(connection, id, by, Change(Did.OPENED, remark=what))
            self.database.announce(connection, Topic.INCIDENTS)
        return id

    def report(self, kind: str, decision_id: str, by: Account | None, what: str, exposed: bool) -> str:
        """Open an incident because a colleague tells of a decision, and say its id.

        Where one of this kind is open about the decision, what is told joins it, and nobody is paged again.

        Args:
            by: see `open`, as all others.

        Raises:
            NotPossible: there is no such kind.
        """
        if not (known := self._open_about(kind, decision_id)):
            try:
                return self.open(kind, [decision_id], by, what, exposed, source=IncidentSource.REPORT)
            except _OpenAlready as error:  # another was quicker
                known = error.id
        self._make(known, by, lambda _: Change(Did.REPORTED, about=decision_id, remark=what))
        return known

    def _open_about(self, kind: str, decision_id: str) -> str:
        about = self.shelf.of_decision(decision_id)
        return next((each.id for each in about if each.kind_id == kind and each.closed is None), "")

    def add(self, id: str, decision_ids: Sequence[str], by: Account | None, *, marks: Collection[str] = ()) -> None:
        """Add decisions to an incident; those that it has already stay."""
        known = self._case(id).decisions
        new = [each for each in decision_ids if each not in known][: MAX_DECISIONS - len(known)]
        if new:
            change = Change(Did.ADDED, about=new[0], also=lambda connection: attach(connection, id, new, marks))
            self._make(id, by, lambda case: change)

    def take_on(self, id: str, by: Account) -> None:
        """Say that one takes care of it: nobody else is paged from then on.

        Raises:
            NotPossible: somebody else has it.
        """

        def change(case: IncidentCase) -> Change:
            require_open(case)
            if case.owner.id and case.owner.id != by.id:
                raise NotPossible("Somebody else has taken it on: they can hand it over.")
            values = {"owner": by.id, "offered_to": "", "acknowledged": case.acknowledged or self.now()}
            return Change(Did.TAKEN_ON, values)

        self._make(id, by, change)

    def offer(self, id: str, by: Account, to: Account) -> None:
        """Hand it over to somebody, who has to accept it.

        Raises:
            NotPossible: it is not one's own.
        """

        def change(case: IncidentCase) -> Change:
            require_open(case)
            if case.owner.id != by.id:
                raise NotPossible("Only who has taken it on can hand it over.")
            if to.id == by.id:
                raise NotPossible("You have it already.")
            return Change(Did.OFFERED, {"offered_to": to.id}, about=to.id)

        self._make(id, by, change)

    def answer_offer(self, id: str, by: Account, *, accept: bool) -> None:
        """Accept what was handed over, or decline.

        Raises:
            NotPossible: it was not handed over to them.
        """

        def change(case: IncidentCase) -> Change:
            require_open(case)
            if case.offered_to.id != by.id:
                raise NotPossible("It was not handed over to you, or the other has taken that back.")
            owner = {"owner": by.id} if accept else {}
            return Change(Did.ACCEPTED if accept else Did.DECLINED, {"offered_to": "", **owner})

        self._make(id, by, change)

    def do(self, id: str, step_id: str, by: Account, remark: str = "") -> None:
        """Say that a step is done. An assessment is signed by that, and needs words. Whoever does one takes it on.

        Raises:
            NotPossible: another has to be done first, it is done, or somebody else has to do it.
        """

        def change(case: IncidentCase) -> Change:
            require_open(case)
            step = step_of(case, step_id)
            self._may_do(case, step, by, remark)
            now = self.now()
            row = {"incident": id, "step": step_id, "done": now, "account": by.id}
            values = {} if case.acknowledged else {"owner": by.id, "acknowledged": now}
            did = Did.ASSESSED if step.act is StepAct.ASSESS else Did.STEP_DONE
            return Change(
                did,
                values,
                about=step_id,
                remark=remark,
                also=lambda connection: connection.execute(insert(incident_step).values(row)),
            )

        self._make(id, by, change)

    def undo(self, id: str, step_id: str, by: Account) -> None:
        """Say that a step is not done after all.

        Raises:
            NotPossible: one that comes after it is done.
        """
        mine = (incident_step.c.incident == id) & (incident_step.c.step == step_id)

        def change(case: IncidentCase) -> Change:
            require_open(case)
            step = step_of(case, step_id)
            if step_id not in case.done:
                raise NotPossible("It is not done.")
            assert case.kind
            later = [each for each in case.kind.steps if each.id in case.done and step.id in case.kind.before(each)]
            if later:
                raise NotPossible(f"“{later[0].title}” came after it, and is done.")
            also = delete(incident_step).where(mine)
            return Change(Did.STEP_UNDONE, about=step_id, also=lambda connection: connection.execute(also))

        self._make(id, by, change)

    def expose(self, id: str, by: Account, remark: str) -> None:
        """Say that something left after all.

        Raises:
            NotPossible: that is known, or there are no words.
        """

        def change(case: IncidentCase) -> Change:
            require_open(case)
            if case.exposed:
                raise NotPossible("That is known already.")
            return Change(Did.NOW_EXPOSED, {"exposed": 1}, remark=some_words(remark))

        self._make(id, by, change)

    def remark(self, id: str, by: Account, words: str) -> None:
        """Write something down, closed or not.

        Raises:
            NotPossible: there are no words.
        """
        self._make(id, by, lambda _: Change(Did.REMARKED, remark=some_words(words, "Write something.")))

    def close(self, id: str, by: Account, reason: str, conclusion: Conclusion) -> None:
        """Close it, and say what it came to.

        Raises:
            NotPossible: there is no reason, or it is closed.
        """
        unmarked = delete(incident_mark).where(incident_mark.c.incident == id)

        def change(case: IncidentCase) -> Change:
            require_open(case)
            why = some_words(reason)
            values = {"closed": self.now(), "reason": why, "conclusion": str(conclusion), "offered_to": ""}
            return Change(
                Did.CLOSED,
                values,
                about=str(conclusion),
                remark=why,
                also=lambda connection: connection.execute(unmarked),
            )

        self._make(id, by, change)

    def reopen(self, id: str, by: Account, reason: str) -> None:
        """Open it again. Its steps and its clock stay as they are; people are paged anew until somebody takes it on.

        Raises:
            NotPossible: there is no reason, or it is open.
        """

        def change(case: IncidentCase) -> Change:
            if case.closed is None:
                raise NotPossible("It is open.")
            again = {
                "closed": None,
                "reason": "",
                "conclusion": "",
                "acknowledged": None,
                "owner": "",
                "round": case.round + 1,
            }
            return Change(Did.REOPENED, {**again, "reopened": self.now()}, remark=some_words(reason))

        self._make(id, by, change)

    def note_page(self, id: str, about: str, problem: str = "") -> None:
        """Keep that a page was sent, or why it could not be."""
        did = Did.NOT_PAGED if problem else Did.PAGED
        self._make(id, None, lambda _: Change(did, about=about, remark=problem), act=Act.INCIDENT_PAGED)

    def _make(
        self,
        id: str,
        by: Account | None,
        change: Callable[[IncidentCase], Change],
        act: Act = Act.INCIDENT_CHANGED,
    ) -> None:
        """Make a change once it is noted; `change` raises what is in its way."""
        wanted = change(self._case(id))
        self._note(act, id, by, did=str(wanted.did), about=wanted.about)
        with self.database.writing() as connection:
            # The row is held until the end: of several consoles one changes an incident at a time.
            connection.execute(update(incident).where(incident.c.id == id).values(entries=incident.c.entries + 1))
            made = change(self._case(id))
            if made.values:
                connection.execute(update(incident).where(incident.c.id == id).values(made.values))
            if made.also:
                made.also(connection)
            self._entry(connection, id, by, made)
            self.database.announce(connection, Topic.INCIDENTS)

    def _may_do(self, case: IncidentCase, step: StepEntry, by: Account, remark: str) -> None:
        if step.id in case.done:
            raise NotPossible("It is done already.")
        if waiting := case.waits_for(step):
            raise NotPossible(f"First comes: {waiting[0].title}")
        if step.act is StepAct.ASSESS:
            if case.kind and case.kind.assessed_by_another:
                self._is_another(case, by)
            some_words(remark, "Say what the assessment comes to.")

    def _is_another(self, case: IncidentCase, by: Account) -> None:
        if by.id == case.opened_by.id:
            raise NotPossible("Somebody else than who opened it signs the assessment.")
        with self.database.reading() as connection:
            if problem := not_two_persons(connection, case.opened_by.id, by.id):
                raise NotPossible(problem)
            if case.source is IncidentSource.REPORT and has_told(connection, by.id, case.decisions):
                raise NotPossible("You have told of it yourself: somebody else signs the assessment.")

    def _case(self, id: str) -> IncidentCase:
        case = self.shelf.find(id)
        if case is None:
            raise NotPossible("There is no such incident.")
        return case

    def _note(self, act: Act, id: str, by: Account | None, **detail: str) -> None:
        told = {name: value for name, value in detail.items() if value}
        self._ledger.note(act, account=by.id if by else "", name=by.name if by else "", object=id, detail=told)

    def _entry(self, connection: Connection, id: str, by: Account | None, change: Change) -> None:
        row = {
            "incident": id,
            "number": connection.scalar(select(incident.c.entries).where(incident.c.id == id)),
            "time": self.now(),
            "account": by.id if by else "",
            "did": str(change.did),
            "about": change.about[:64],
            "remark": one_line(change.remark, MAX_WORDS),
        }
        connection.execute(insert(incident_entry).values(row))
