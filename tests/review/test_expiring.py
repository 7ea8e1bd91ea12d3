"""What the console keeps goes when its time is over, and stays while it is open or held, on each kind of database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from tests.samples.reviewing import Installation

from promptguard.audit.chain import Chain
from promptguard.audit.retention.held import HeldDecisions
from promptguard.audit.retention.holds import Hold, holds, new_hold_id, putting_on
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.configuration.bundle import load_bundle
from promptguard.review import incident_tables, tables
from promptguard.review.accounts import Account, Accounts
from promptguard.review.expiring import (
    KeptDays,
    ReviewDue,
    ReviewExpiry,
    decisions_of_incidents,
    note_done,
    was_done,
)
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion
from promptguard.review.ledger import Act, Ledger
from promptguard.review.releases import Releases, Terms
from promptguard.review.roles import Role
from promptguard.review.sessions import Sessions
from promptguard.review.staff_reports import ReportKind, ReportOutcome, StaffReports
from promptguard.review.staff_tables import staff_answer, staff_report

DAY = 86_400
INCIDENTS = load_bundle(Path(__file__).parents[2] / "config").incidents


class Kept:
    """An installation, and a clock that is set forward."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.database = installation.database
        self.ledger = Ledger(self.database, installation.keys)
        self.start = datetime.now(UTC).timestamp()
        self.days = 0.0
        self.book = IncidentBook(self.database, INCIDENTS, self.ledger, lambda: self.start + self.days * DAY)
        self.ann: Account = Accounts(self.database, installation.keys.second_factor).make("Ann", [Role.ANALYST])

    def hold(self, **what) -> None:
        store = self.installation.store
        writer = store.writer()
        entry = putting_on(Hold(new_hold_id(), "ben", "Lawsuit", **what))
        writer.append([entry], Chain(self.installation.keys.audit, writer.chain), durable=True)
        writer.close()

    def held(self) -> HeldDecisions:
        keys, store = self.installation.keys, self.installation.store
        ring = KeyRing(self.installation.backend.key_store(keys.folder), keys.records, store.newest)
        return HeldDecisions(holds(store, keys.audit), store, ring)

    def expire(self, later: float, **days: int) -> ReviewDue:
        now = self.start + later * DAY
        it = ReviewExpiry(self.database, self.ledger, self.held(), lambda: now)
        due = it.due(KeptDays(**days))
        it.carry_out(due, KeptDays(**days), "retention")
        return due

    def count(self, *tables_of) -> list[int]:
        with self.database.reading() as connection:
            return [connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables_of]


@pytest.fixture
def kept(installation) -> Kept:
    return Kept(installation)


def incident(kept: Kept, *decisions: str, closed: float | None = 1) -> str:
    id = kept.book.open(INCIDENTS.kinds[0].id, decisions, kept.ann, "Sent", True, marks=["mark"])
    kept.book.take_on(id, kept.ann)
    if closed is not None:
        kept.days = closed
        kept.book.close(id, kept.ann, "Done", Conclusion.CONFIRMED)
    return id


@pytest.mark.parametrize(
    ("closed", "later", "gone"), [(None, 5000, False), (1, 10, False), (1, 11.5, True), (4, 11.5, False)]
)
def test_incidents_go_after_they_were_closed(kept: Kept, closed, later: float, gone: bool) -> None:
    id = incident(kept, "pg-1", "pg-2", closed=closed)
    assert decisions_of_incidents(kept.database) == {"pg-1", "pg-2"}
    assert decisions_of_incidents(kept.database, still_open=True) == ({"pg-1", "pg-2"} if closed is None else set())
    assert kept.expire(later, incidents=10).incidents == ([id] if gone else [])
    assert (kept.book.shelf.find(id) is None) is gone
    rows = kept.count(incident_tables.incident_decision, incident_tables.incident_entry)
    assert (rows == [0, 0]) is gone
    assert kept.ledger.problem() == ""


def test_one_that_was_opened_again_meanwhile_stays(kept: Kept) -> None:
    id = incident(kept)
    now = kept.start + 100 * DAY
    it = ReviewExpiry(kept.database, kept.ledger, kept.held(), lambda: now)
    due = it.due(KeptDays(incidents=10))
    kept.book.reopen(id, kept.ann, "There is more")
    it.carry_out(due, KeptDays(incidents=10), "retention")
    assert (case := kept.book.shelf.find(id)) is not None and case.closed is None


def test_what_belongs_to_what_is_held_stays(kept: Kept, make_event) -> None:
    events = kept.installation.record(make_event(), make_event(destination="elsewhere"), make_event())
    held = [incident(kept, events[0].id), incident(kept)]
    other = incident(kept, events[1].id)
    reports = StaffReports(kept.database, bytes(32))
    told = [reports.tell(each.id, ReportKind.QUESTION, token=None) for each in events]
    for each in told:
        reports.settle(each, ReportOutcome.CLOSED)
    for each in events:
        kept.ledger.note(Act.SAW_DECISION, object=each.id)
    kept.hold(destination="openai_api")
    with kept.database.writing() as connection:  # nobody but its decision speaks for it
        connection.execute(update(incident_tables.incident_decision).values(decision_id=events[1].id).where(
            incident_tables.incident_decision.c.incident == other))  # fmt: skip
    kept.hold(case=held[1])
    due = kept.expire(5000, incidents=10, reports=10, ledger=10)
    assert due.incidents == [other] and due.reports == [told[1]] and due.held == 4
    assert {entry.object for entry in kept.ledger.entries() if entry.act == Act.SAW_DECISION} == {
        events[0].id,
        events[2].id,
    }
    assert {entry.object for entry in kept.ledger.entries() if entry.act == Act.INCIDENT_OPENED} == set(held)
    assert kept.ledger.problem() == ""


def test_reports_go_after_they_were_settled(kept: Kept) -> None:
    reports = StaffReports(kept.database, bytes(32))
    still_open, answered = (reports.tell("pg-1", ReportKind.QUESTION, token=None) for _ in range(2))
    reports.answer(answered, kept.ann.id, "So it is")
    assert kept.expire(9, reports=10).reports == []
    assert kept.expire(11, reports=10).reports == [answered]
    assert [each.id for each in reports.of_decision("pg-1")] == [still_open]
    assert kept.count(staff_report, staff_answer) == [1, 0]


def test_requests_for_evidence_go_after_they_were_over(kept: Kept) -> None:
    releases = Releases(kept.database, Terms(), lambda: kept.start)
    asked = [releases.ask(f"pg-{number}", kept.ann.id, "legal", "A court asks for it", "4711") for number in range(2)]
    releases.withdraw(asked[0], kept.ann.id)
    assert kept.expire(10.5, evidence_requests=10).evidence_requests == [asked[0]]
    assert kept.expire(14, evidence_requests=10).evidence_requests == [asked[1]]  # it lapsed after three days


def test_what_says_who_may_not_be_the_second_person_stays_in_the_ledger(kept: Kept) -> None:
    kept.ledger.note(Act.ACCOUNT_MADE, object="a1")
    kept.ledger.note(Act.LISTED)
    kept.ledger.note(Act.LISTED)
    due = kept.expire(11, ledger=10)
    assert due.counts == {"ledger": 1}
    acts = [(entry.act, entry.name, dict(entry.detail)) for entry in kept.ledger.entries()]
    assert acts == [(Act.EXPIRED, "retention", {"ledger": "1"}), (Act.LISTED, "", {}), (Act.ACCOUNT_MADE, "", {})]


def test_where_nothing_is_said_everything_stays(kept: Kept) -> None:
    incident(kept)
    assert kept.expire(5000).counts == {}


def test_what_of_signing_in_holds_no_more(kept: Kept) -> None:
    accounts = Accounts(kept.database, kept.installation.keys.second_factor)
    Sessions(kept.database, accounts).begin(kept.ann)
    accounts.make_link(kept.ann.id)
    accounts.devices.remember("", kept.ann.id)
    kept.expire(0)
    assert kept.count(tables.session, tables.link) == [1, 1]
    kept.expire(2)
    assert kept.count(tables.session, tables.link) == [0, 0]


def test_what_was_done_is_known_to_all(kept: Kept) -> None:
    assert not was_done(kept.database, "2026-03-01 a")
    note_done(kept.database, "2026-03-01 a")
    assert was_done(kept.database, "2026-03-01 a") and not was_done(kept.database, "2026-03-02 a")
    note_done(kept.database, "2026-03-02 a")
    assert was_done(kept.database, "2026-03-02 a")
