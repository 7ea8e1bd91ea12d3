"""Asking for a hold to be lifted, and answering, on each kind of database."""

from __future__ import annotations

import pytest

from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.hold_liftings import HoldLiftings
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
