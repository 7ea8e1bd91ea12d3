"""Who may ask for evidence, who may approve, and for how long: never one person alone."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import insert
from tests.samples.reviewing import Installation

from promptguard.review.accounts import Accounts, NotPossible
from promptguard.review.ledger import Act, Ledger
from promptguard.review.releases import MAX_WAITING, Releases, ReleaseState, Terms
from promptguard.review.roles import Role
from promptguard.review.sign_in_tables import outside_account

WORDS = "the client has to be told"


class Office:
    """People with accounts, a clock, and what they ask for."""

    def __init__(self, installation: Installation) -> None:
        self.now = 1_000_000.0
        self.database = installation.database
        self.accounts = Accounts(installation.database, installation.keys.second_factor)
        self.ledger = Ledger(installation.database, installation.keys)
        self.releases = Releases(installation.database, Terms(3600, 600, 2), lambda: self.now)
        self.asking = self.account("Ann", Role.UNMASK_REQUESTER)
        self.approving = self.account("Bob", Role.UNMASK_APPROVER)

    def account(self, name: str, *roles: Role) -> str:
        return self.accounts.make(name, roles).id

    def vouch(self, id: str) -> None:
        """Make an account one that the company's sign-on vouches for."""
        with self.database.writing() as connection:
            connection.execute(insert(outside_account).values(account=id, subject=id.encode()))

    def ask(self, decision: str = "pg-1", **changes: str) -> str:
        given = {"cause": "incident", "remark": WORDS, "reference": "INC-7"} | changes
        return self.releases.ask(decision, self.asking, **given)

    def state(self, id: str) -> ReleaseState:
        found = self.releases.find(id)
        assert found
        return found.state

    def answer(self, id: str, by: str | None = None, *, granted: bool = True, words: str = WORDS) -> None:
        self.releases.answer(id, by or self.approving, words, granted=granted)


@pytest.fixture
def office(installation: Installation) -> Office:
    return Office(installation)


def test_what_somebody_else_approved_is_fetched_a_few_times_and_for_a_while(office: Office) -> None:
    id = office.ask()
    with pytest.raises(NotPossible, match="Waits"):
        office.releases.fetch(id, office.asking)
    office.answer(id)
    found = office.releases.find(id)
    assert found
    assert (found.state, found.requester_name, found.approver_name) == (ReleaseState.OPEN, "Ann", "Bob")
    assert (found.ends, found.reference, found.remark) == (1_000_600, "INC-7", WORDS)
    office.releases.fetch(id, office.asking)
    office.releases.fetch(id, office.asking)
    with pytest.raises(NotPossible, match="Used up"):
        office.releases.fetch(id, office.asking)


@pytest.mark.parametrize(
    ("happens", "state", "said"),
    [
        (lambda office, id: office.answer(id, granted=False), ReleaseState.REFUSED, "Refused"),
        (lambda office, id: office.releases.withdraw(id, office.asking), ReleaseState.WITHDRAWN, "Withdrawn"),
        (lambda office, id: setattr(office, "now", office.now + 3600), ReleaseState.LAPSED, "Lapsed"),
        (
            lambda office, id: (office.answer(id), setattr(office, "now", office.now + 600)),
            ReleaseState.EXPIRED,
            "Over",
        ),
        (lambda office, id: (office.answer(id), setattr(office, "now", office.now - 1)), ReleaseState.EXPIRED, "Over"),
        (
            lambda office, id: (office.answer(id), office.releases.withdraw(id, office.asking)),
            ReleaseState.WITHDRAWN,
            "With",
        ),
    ],
)
def test_what_is_over_says_so_and_cannot_be_revived(office: Office, happens, state: ReleaseState, said: str) -> None:
    id = office.ask()
    happens(office, id)
    assert office.state(id) is state
    with pytest.raises(NotPossible, match=said):
        office.releases.fetch(id, office.asking)
    with pytest.raises(NotPossible, match=said):
        office.answer(id)
    with pytest.raises(NotPossible, match=said):
        office.releases.withdraw(id, office.asking)


def test_only_the_one_who_asked_fetches_or_withdraws(office: Office) -> None:
    id = office.ask()
    office.answer(id)
    for other in (office.approving, office.account("Eve", *Role)):
        with pytest.raises(NotPossible, match="Only the one who asked"):
            office.releases.check_fetch(id, other)
        with pytest.raises(NotPossible, match="Only the one who asked"):
            office.releases.fetch(id, other)
        with pytest.raises(NotPossible, match="Only the one who asked"):
            office.releases.withdraw(id, other)


def test_nobody_answers_what_they_asked_for(office: Office) -> None:
    office.asking = office.account("Zoe", *Role)
    id = office.ask()
    with pytest.raises(NotPossible, match="yourself"):
        office.answer(id, office.asking)
    office.answer(id)


@pytest.mark.parametrize("act", [Act.ACCOUNT_MADE, Act.ACCOUNT_CHANGED, Act.LINK_MADE])
@pytest.mark.parametrize("turned", [False, True])
def test_who_set_up_the_other_s_account_is_not_a_second_person(office: Office, act: Act, *, turned: bool) -> None:
    one, other = (office.approving, office.asking) if turned else (office.asking, office.approving)
    id = office.ask()
    object = "" if act is Act.ACCOUNT_MADE else other  # an account has no id while it is made
    name = "Ann" if turned else "Bob"
    office.ledger.note(act, account=one, name="x", object=object, detail={"account": name})
    with pytest.raises(NotPossible, match="a third person"):
        office.releases.check_answer(id, office.approving, WORDS)
    with pytest.raises(NotPossible, match="a third person"):
        office.answer(id)
    office.answer(id, office.account("Cid", Role.UNMASK_APPROVER))


def test_who_set_up_an_administrator_set_up_whom_that_one_made(office: Office) -> None:
    helper = office.account("Helper", Role.ADMINISTRATOR)
    office.ledger.note(Act.ACCOUNT_MADE, account=office.asking, detail={"account": "Helper"})
    office.ledger.note(Act.ACCOUNT_CHANGED, account=helper, object=office.approving, detail={"account": "Bob"})
    with pytest.raises(NotPossible, match="a third person"):
        office.answer(office.ask())


@pytest.mark.parametrize("turned", [False, True])
def test_an_account_of_the_company_and_one_of_the_console_may_be_one_person_s(office: Office, *, turned: bool) -> None:
    one, other = (office.approving, office.asking) if turned else (office.asking, office.approving)
    office.vouch(one)
    id = office.ask()
    with pytest.raises(NotPossible, match="one person"):
        office.answer(id)
    office.vouch(other)
    office.answer(id)


def test_a_password_that_was_chosen_since_may_be_another_person_s(office: Office) -> None:
    office.now = time.time() - 60
    id = office.ask()
    office.ledger.note(Act.PASSWORD_CHOSEN, account=office.approving, name="Bob")
    with pytest.raises(NotPossible, match="somebody else has to answer"):
        office.answer(id)
    office.answer(id, office.account("Cid", Role.UNMASK_APPROVER))
    office.releases.check_fetch(id, office.asking)
    office.ledger.note(Act.PASSWORD_CHOSEN, account=office.asking, name="Ann")
    with pytest.raises(NotPossible, match="ask again"):
        office.releases.fetch(id, office.asking)


def test_who_may_not_ask_any_more_is_given_nothing(office: Office) -> None:
    id = office.ask()
    office.account("Root", Role.ADMINISTRATOR)
    office.accounts.change(office.asking, roles=[Role.ANALYST])
    with pytest.raises(NotPossible, match="may not ask any more"):
        office.answer(id)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cause": "curiosity"}, "Choose"),
        ({"remark": "why  not"}, "Say why"),
        ({"remark": " " * 50}, "Say why"),
        ({"reference": " "}, "incident or the ticket"),
    ],
)
def test_no_request_without_a_reason(office: Office, changes: dict[str, str], said: str) -> None:
    with pytest.raises(NotPossible, match=said):
        office.ask(**changes)


def test_no_answer_without_a_reason(office: Office) -> None:
    with pytest.raises(NotPossible, match="Say why"):
        office.answer(office.ask(), words="ok")


def test_the_same_is_asked_once_and_not_without_bound(office: Office) -> None:
    first = office.ask()
    with pytest.raises(NotPossible, match="already"):
        office.ask()
    office.releases.withdraw(first, office.asking)
    for number in range(MAX_WAITING):
        office.ask(f"pg-{number}")
    with pytest.raises(NotPossible, match="withdraw some"):
        office.ask("pg-99")
    assert len(office.releases.all()) == MAX_WAITING + 1
