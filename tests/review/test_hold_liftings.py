"""Asking for a hold to be lifted, and answering, on each kind of database."""

from __future__ import annotations

import pytest

from promptguard.review import hold_liftings
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.hold_liftings import HoldLiftings
from promptguard.review.ledger import Act, Ledger
from promptguard.review.roles import Role


@pytest.fixture
def liftings(installation) -> HoldLiftings:
    return HoldLiftings(installation.database)


@pytest.fixture
def people(installation) -> list[Account]:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    return [accounts.make(name, [Role.RECORDS_OFFICER]) for name in ("Ann", "Ben")]


def test_one_asks_and_another_one_answers(liftings: HoldLiftings, people: list[Account]) -> None:
    ann, ben = people
    liftings.ask("hold-1", ann, " It is\n closed ")
    (waiting,) = liftings.waiting().values()
    assert (waiting.hold, waiting.reason, waiting.asked_by, waiting.asked_name) == (
        "hold-1", "It is closed", ann.id, "Ann"
    )  # fmt: skip
    assert "yourself" in liftings.problem("hold-1", ann)
    found = liftings.check("hold-1", ben)
    liftings.answer(found, ben, lifted=True)
    with pytest.raises(NotPossible, match="Somebody else has answered"):
        liftings.answer(found, ben, lifted=True)
    assert liftings.waiting() == {}


def test_whoever_asked_may_withdraw_and_ask_again(liftings: HoldLiftings, people: list[Account]) -> None:
    ann, _ = people
    liftings.ask("hold-1", ann, "It is closed")
    with pytest.raises(NotPossible, match="already"):
        liftings.ask("hold-1", ann, "It is closed")
    liftings.ask("hold-2", ann, "It is closed, too")
    liftings.refuse("hold-1", ann)
    assert set(liftings.waiting()) == {"hold-2"}
    with pytest.raises(NotPossible, match="Nobody has asked"):
        liftings.refuse("hold-1", ann)
    liftings.ask("hold-1", ann, "It is closed now")


def test_what_has_no_reason_is_none(liftings: HoldLiftings, people: list[Account]) -> None:
    with pytest.raises(NotPossible, match="has a reason"):
        liftings.ask("hold-1", people[0], " \n")
    with pytest.raises(NotPossible, match="Nobody has asked"):
        liftings.check("hold-1", people[1])


def test_who_was_locked_out_meanwhile_has_not_asked(
    liftings: HoldLiftings, people: list[Account], installation
) -> None:
    ann, ben = people
    liftings.ask("hold-1", ann, "It is closed")
    accounts = Accounts(installation.database, installation.keys.second_factor)
    accounts.make("Adam", [Role.ADMINISTRATOR])
    accounts.change(ann.id, disabled=True)
    assert "may not ask any more" in liftings.problem("hold-1", ben)


@pytest.mark.parametrize("whose", [0, 1])
def test_a_password_chosen_since_may_be_another_persons(
    whose: int, liftings: HoldLiftings, people: list[Account], installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_liftings, "_now", lambda: "2026-03-01T09:30:00.000Z")
    liftings.ask("hold-1", people[0], "It is closed")
    assert liftings.problem("hold-1", people[1]) == ""
    ledger = Ledger(installation.database, installation.keys)
    ledger.note(Act.PASSWORD_CHOSEN, account=people[whose].id, name=people[whose].name)
    assert "A password of one of you two" in liftings.problem("hold-1", people[1])


def test_what_was_answered_waits_again_where_it_could_not_be_done(
    liftings: HoldLiftings, people: list[Account]
) -> None:
    liftings.ask("hold-1", people[0], "It is closed")
    found = liftings.check("hold-1", people[1])
    liftings.answer(found, people[1], lifted=True)
    liftings.take_back(found)
    assert liftings.check("hold-1", people[1]) == found
