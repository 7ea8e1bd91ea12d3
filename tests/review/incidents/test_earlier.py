"""Nobody sees a person's earlier incidents alone, nor for longer than a while, nor outside of one incident."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from unittest.mock import Mock

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from tests.review.incidents.conftest import BEGIN, Clock
from tests.review.incidents.test_same_person import ADA, EVE, request, sqlite
from tests.samples.reviewing import Installation

from promptguard.audit.retention.held import HeldDecisions
from promptguard.errors import PromptGuardError
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.earlier_tables import earlier_request
from promptguard.review.expiring import KeptDays, ReviewExpiry
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion
from promptguard.review.incidents.earlier import EarlierIncidents, months_before
from promptguard.review.incidents.earlier_request import EarlierState
from promptguard.review.incidents.kinds import EarlierTerms
from promptguard.review.incidents.same_person import SamePerson
from promptguard.review.ledger import Act, Ledger
from promptguard.review.roles import Role
from promptguard.review.sign_in_tables import outside_account
from promptguard.review.tables import ledger as ledger_table

WORDS = "HR has to know whether it is the first time"
HOUR = 60


class Office:
    """Case officers, an incident of Ada's that is open, and one that was confirmed before."""

    def __init__(self, installation: Installation, book: IncidentBook, clock: Clock, ledger: Ledger) -> None:
        self.installation, self.book, self.clock, self.ledger = installation, book, clock, ledger
        self.accounts = Accounts(installation.database, installation.keys.second_factor)
        self.ann, self.ben, self.zoe = (self.officer(name) for name in ("Ann", "Ben", "Zoe"))
        self.officer("Root", Role.ADMINISTRATOR)  # somebody always is
        self.now, before, other = request(), request(days_ago=30), request(EVE, 30)
        installation.record(self.now, before, other)
        self.before = self._closed(before.id)
        self._closed(other.id)
        self.incident = book.open("credential_exposed", [self.now.id], None, "", True)
        self.earlier = self.with_terms()

    def with_terms(self, **terms: object) -> EarlierIncidents:
        database, store = self.installation.database, self.installation.store
        same = SamePerson(database, store, self.book.shelf, {"services"})
        given = EarlierTerms.model_validate(terms)
        return EarlierIncidents(database, same, self.ledger, given, self.installation.keys.pseudonym, self.clock)

    def _closed(self, decision: str) -> str:
        id = self.book.open("credential_exposed", [decision], None, "", True)
        self.book.close(id, self.ann, "It was looked into", Conclusion.CONFIRMED)
        return id

    def officer(self, name: str, *roles: Role) -> Account:
        return self.accounts.make(name, roles or [Role.CASE_OFFICER])

    def made_by(self, maker: Account, name: str) -> Account:
        """An officer whose account another one made, as the console notes it."""
        made = self.officer(name)
        self.ledger.note(Act.ACCOUNT_MADE, account=maker.id, name=maker.name, detail={"account": name})
        return made

    def vouch(self, account: Account) -> Account:
        """Make an account one that the company's sign-on vouches for."""
        with self.installation.database.writing() as connection:
            connection.execute(insert(outside_account).values(account=account.id, subject=account.id.encode()))
        return account

    def ask(self, by: Account | None = None, **changed: str) -> str:
        asked = {"incident": self.incident, "decision_id": self.now.id, "reason": WORDS, **changed}
        return self.earlier.ask(by=by or self.ann, **asked)

    def approved(self) -> str:
        id = self.ask()
        self.earlier.answer(id, self.ben, WORDS, granted=True)
        return id

    def seen(self, id: str, by: Account) -> list[str]:
        return [each.id for each in self.earlier.look(id, by)]


@pytest.fixture
def office(installation, book, clock, ledger) -> Office:
    return Office(installation, book, clock, ledger)


def test_what_another_one_approved_these_two_see_for_a_while(office: Office) -> None:
    id = office.ask()
    for account in (office.ann, office.ben):
        with pytest.raises(NotPossible, match="Waits"):
            office.earlier.look(id, account)
    office.earlier.answer(id, office.ben, WORDS, granted=True)
    assert office.seen(id, office.ann) == office.seen(id, office.ben) == [office.before]
    with pytest.raises(NotPossible, match="Only who asked"):
        office.earlier.look(id, office.zoe)
    (found,) = office.earlier.of_incident(office.incident)
    assert (found.requester.name, found.approver.name, found.reason, found.answer) == ("Ann", "Ben", WORDS, WORDS)
    assert (found.state, found.ends) == (EarlierState.OPEN, BEGIN + 4 * 3600)
    office.clock.pass_(4 * HOUR)
    with pytest.raises(NotPossible, match="Over"):
        office.earlier.look(id, office.ann)


def test_what_waits_is_in_open_incidents(office: Office) -> None:
    assert office.earlier.waiting() == []
    id = office.ask()
    assert [each.id for each in office.earlier.waiting()] == [id]
    office.book.close(office.incident, office.ann, "It is over", Conclusion.CONFIRMED)
    assert office.earlier.waiting() == []
    office.clock.pass_(HOUR)
    office.book.reopen(office.incident, office.ann, "There is more")
    assert office.earlier.waiting() == [], "closing ended it"
    with pytest.raises(NotPossible, match="incident was closed"):
        office.earlier.answer(id, office.ben, WORDS, granted=True)
    office.clock.pass_(HOUR)
    again = office.ask()
    assert [each.id for each in office.earlier.waiting()] == [again]
    office.clock.pass_(72 * HOUR)
    assert office.earlier.waiting() == []


def test_closing_ends_it_though_it_is_opened_again(office: Office) -> None:
    id = office.approved()
    office.book.close(office.incident, office.ann, "It is over", Conclusion.CONFIRMED)
    assert office.earlier.find(id).state is EarlierState.CLOSED
    office.clock.pass_(HOUR)
    office.book.reopen(office.incident, office.ann, "There is more")
    with pytest.raises(NotPossible, match="incident was closed"):
        office.earlier.look(id, office.ann)
    assert office.earlier.find(id).the_two == frozenset()
    office.clock.pass_(4 * HOUR)
    assert office.earlier.find(id).state is EarlierState.OVER


def test_who_writes_into_the_database_alone_approves_nothing(office: Office) -> None:
    approved, ended, id = office.approved(), office.approved(), office.ask()
    office.earlier.withdraw(ended, office.ben)
    other = office.book.open("credential_exposed", [office.now.id], None, "", True)
    end = BEGIN + 3600
    for each, written in (
        (id, {"approver": office.zoe.id, "answered": BEGIN, "granted": 1, "ends": end}),
        (ended, {"withdrawn": 0}),
        (approved, {"incident": other}),
        (approved, {"incident": office.incident, "ends": BEGIN + 365 * 86_400}),
        (approved, {"ends": BEGIN + 4 * 3600, "decision_id": "pg-0000-0000-0000-0000"}),
        (approved, {"decision_id": office.now.id, "approver": office.zoe.id}),
    ):
        with office.installation.database.writing() as connection:
            connection.execute(update(earlier_request).where(earlier_request.c.id == each).values(written))
        assert office.earlier.find(each).state is EarlierState.OPEN
        for by in (office.ann, office.ben, office.zoe):
            with pytest.raises(NotPossible, match=r"ledger|Only who"):
                office.earlier.look(each, by)


def test_an_entry_of_the_ledger_that_somebody_changed_approves_nothing(office: Office) -> None:
    id = office.approved()
    assert office.seen(id, office.ann)
    changed = ledger_table.c.act == Act.EARLIER_APPROVED
    with office.installation.database.writing() as connection:
        event = orjson.loads(connection.scalars(select(ledger_table.c.event).where(changed)).one())
        written = orjson.dumps({**event, "detail": {**event["detail"], "more": "x"}}, option=orjson.OPT_SORT_KEYS)
        connection.execute(update(ledger_table).where(changed).values(event=written))
    with pytest.raises(NotPossible, match="ledger"):
        office.earlier.look(id, office.ann)


def test_each_act_is_noted_before_it_is_done(office: Office, monkeypatch) -> None:
    asked = office.ask()
    monkeypatch.setattr(office.ledger, "note", Mock(side_effect=PromptGuardError("it is away")))
    for act in (
        lambda: office.earlier.answer(asked, office.ben, WORDS, granted=True),
        lambda: office.earlier.withdraw(asked, office.ann),
    ):
        with pytest.raises(PromptGuardError, match="away"):
            act()
    assert office.earlier.find(asked).state is EarlierState.WAITING


def test_nothing_that_is_kept_joins_a_person_to_incidents(office: Office) -> None:
    office.seen(office.approved(), office.ann)
    assert ADA.encode() not in office.installation.content()


OVER: list[tuple[Callable[[Office, str], object], EarlierState]] = [
    (lambda office, id: office.earlier.answer(id, office.ben, WORDS, granted=False), EarlierState.REFUSED),
    (lambda office, id: office.earlier.withdraw(id, office.ann), EarlierState.WITHDRAWN),
    (lambda office, id: office.clock.pass_(72 * HOUR), EarlierState.LAPSED),
    (lambda office, id: office.clock.pass_(-1), EarlierState.LAPSED),
    (lambda office, id: (approve(office, id), office.earlier.withdraw(id, office.ben)), EarlierState.WITHDRAWN),
    (lambda office, id: (approve(office, id), office.clock.pass_(4 * HOUR)), EarlierState.OVER),
    (lambda office, id: (approve(office, id), office.clock.pass_(-1)), EarlierState.OVER),
]


def approve(office: Office, id: str) -> None:
    office.earlier.answer(id, office.ben, WORDS, granted=True)


@sqlite
@pytest.mark.parametrize(("happens", "state"), OVER)
def test_what_is_over_cannot_be_revived(office: Office, happens, state: EarlierState) -> None:
    id = office.ask()
    happens(office, id)
    assert office.earlier.find(id).state is state
    for act in (
        lambda: office.earlier.look(id, office.ann),
        lambda: office.earlier.look(id, office.ben),
        lambda: office.earlier.answer(id, office.zoe, WORDS, granted=True),
        lambda: office.earlier.withdraw(id, office.ann),
    ):
        with pytest.raises(NotPossible):
            act()
    assert office.ask()  # and it can be asked again


@sqlite
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"incident": "in-0"}, "no such incident"),
        ({"decision_id": "pg-0000-0000-0000-0000"}, "a decision of this incident"),
        ({"reason": " because "}, "10 characters"),
    ],
)
def test_what_cannot_be_asked(office: Office, asked: dict[str, str], told: str) -> None:
    with pytest.raises(NotPossible, match=told):
        office.ask(**asked)
    assert office.earlier.of_incident(office.incident) == []


def test_the_same_is_asked_once_at_a_time(office: Office) -> None:
    id = office.ask()
    with pytest.raises(NotPossible, match="asked already"):
        office.ask(office.zoe)
    with pytest.raises(NotPossible, match="10 characters"):
        office.earlier.answer(id, office.ben, "yes", granted=True)
    with pytest.raises(NotPossible, match="no such request"):
        office.earlier.look("0", office.ann)
    with pytest.raises(NotPossible, match="Only the two"):
        office.earlier.withdraw(id, office.zoe)


SHUT: list[Callable[[Office], object]] = [
    lambda office: office.book.close(office.incident, office.ann, "It is over", Conclusion.CONFIRMED),
    lambda office: setattr(office, "earlier", office.with_terms(months=0)),
    lambda office: office.accounts.change(office.ben.id, roles=[Role.ANALYST]),
    lambda office: office.accounts.change(office.ann.id, disabled=True),
    lambda office: office.ledger.note(Act.PASSWORD_CHOSEN, account=office.ann.id, name="Ann"),
    lambda office: office.ledger.note(Act.ACCOUNT_CHANGED, account=office.ben.id, object=office.ann.id),
    lambda office: office.vouch(office.ben),
]


@sqlite
@pytest.mark.parametrize("happens", SHUT)
def test_what_shuts_it_before_its_end(office: Office, happens: Callable[[Office], object]) -> None:
    id = office.approved()
    assert office.seen(id, office.ann)
    happens(office)
    with pytest.raises(NotPossible):
        office.earlier.look(id, office.ann)


@sqlite
def test_from_what_was_prevented_one_does_not_look_back(office: Office) -> None:
    office.incident = office.book.open("credential_exposed", [office.now.id], None, "", False)
    with pytest.raises(NotPossible, match="Nothing left"):
        office.ask()


@sqlite
@pytest.mark.parametrize(("months", "seen"), [(2, True), (1, False)])
def test_how_far_back_one_looks_is_set(office: Office, months: int, seen: bool) -> None:
    id = office.approved()
    office.earlier = office.with_terms(months=months)
    assert office.seen(id, office.ann) == ([office.before] if seen else [])


def test_what_is_past_retention_is_gone_and_so_are_requests(office: Office) -> None:
    id = office.approved()
    held = HeldDecisions((), office.installation.store, None)  # type: ignore[arg-type]
    later = lambda: BEGIN + 31 * 86_400  # noqa: E731 - in thirty-one days
    expiry = ReviewExpiry(office.installation.database, office.ledger, held, later)
    expiry.carry_out(expiry.due(KeptDays(incidents=30)), KeptDays(incidents=30), "retention")
    assert office.seen(id, office.ann) == []
    office.book.close(office.incident, office.ann, "It is over", Conclusion.CONFIRMED)
    expiry.carry_out(expiry.due(KeptDays(incidents=30)), KeptDays(incidents=30), "retention")
    assert office.earlier.of_incident(office.incident) == []


@sqlite
@pytest.mark.parametrize("name", ["ada", "Ada", "ada@firm.example"])
def test_it_is_never_about_one_of_the_two(office: Office, name: str) -> None:
    person = office.installation.keys.pseudonym("ada")
    mine = request(person)
    office.installation.record(mine)
    office.incident = office.book.open("credential_exposed", [mine.id], None, "", True)
    ada = office.officer(name)
    with pytest.raises(NotPossible, match="about yourself"):
        office.ask(ada, decision_id=mine.id)
    id = office.ask(decision_id=mine.id)
    with pytest.raises(NotPossible, match="about yourself"):
        office.earlier.answer(id, ada, WORDS, granted=True)
    found = office.earlier.find(id)
    assert "about yourself" in office.earlier.problem(found, ada)
    assert office.earlier.problem(found, office.ben) == ""


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ("2026-03-01", 12, "2025-03-01"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 36, "2023-12-31"),
    ],
)
def test_months_are_those_of_the_calendar(moment: str, months: int, before: str) -> None:
    found = months_before(datetime.fromisoformat(moment).replace(tzinfo=UTC), months)
    assert found.date().isoformat() == before


ONES: dict[str, Callable[[Office], tuple[Account, Account]]] = {
    "one account": lambda office: (office.ann, office.ann),
    "one made the other's account": lambda office: (office.ann, office.made_by(office.ann, "Ann 2")),
    "one of the company's, one of the console's": lambda office: (office.ann, office.vouch(office.officer("Ann 2"))),
}
ACTS = ("ask", "approve", "refuse", "withdraw", "look", "close", "reopen", "wait")


@sqlite
@pytest.mark.parametrize("who", ONES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.booleans(), st.integers(0, 2)), max_size=12))
def test_no_acts_of_one_person_show_an_earlier_incident(who: str, acts, office: Office) -> None:
    with office.installation.database.writing() as connection:
        connection.execute(delete(earlier_request))
    if not hasattr(office, "one"):
        office.one = ONES[who](office)  # type: ignore[attr-defined]
    for act, which, number in acts:
        by = office.one[which]  # type: ignore[attr-defined]
        asked = office.earlier.of_incident(office.incident)
        id = asked[number % len(asked)].id if asked else "0"
        with suppress(NotPossible):
            match act:
                case "ask":
                    office.ask(by)
                case "approve" | "refuse":
                    office.earlier.answer(id, by, WORDS, granted=act == "approve")
                case "withdraw":
                    office.earlier.withdraw(id, by)
                case "close":
                    office.book.close(office.incident, by, "It is over", Conclusion.CONFIRMED)
                case "reopen":
                    office.book.reopen(office.incident, by, "There is more")
                case "wait":
                    office.clock.pass_(number * HOUR)
                case "look":
                    pytest.fail(f"{office.seen(id, by)} was shown")
        assert not any(each.the_two for each in office.earlier.of_incident(office.incident))
