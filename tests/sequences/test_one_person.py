"""Whatever one person does, in whatever order: what is prohibited never leaves, and nobody is decided about.

The person has accounts as one person can have them: one with a password, a second that this made, a third that the
second made, and one of the company's sign-on; the command line; and a laptop behind the proxy. What one administrator
can do who makes two accounts beside each other is told in docs/evidence.md.

`make attack` tries more sequences than the suite does (`SEQUENCES`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, Final

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.sequences.company import CLEAN, IBAN, MAIL, PROHIBITED, SECRET, TOOL, USER, Company

from promptguard.policy.justifying import GrantScope
from promptguard.review.accounts import Account

FEW: Final = 15
SEQUENCES: Final = int(os.environ.get("SEQUENCES", FEW))
STEPS: Final = 25

ASKED_FOR: Final = ("exception", "renewal", "status", "suspension", "false alarm")
WHO = st.integers(0, 9)
WHICH = st.integers(0, 30)
TEXTS = st.lists(
    st.sampled_from([MAIL, SECRET, IBAN, CLEAN, f"{MAIL} {IBAN}", f"{SECRET} {IBAN}"]), min_size=1, max_size=3
)


def one_of[Kind](all: Any, which: int) -> list[Any]:
    """One of those that there are, or none."""
    return [all[which % len(all)]] if all else []


class OnePerson(RuleBasedStateMachine):
    """All that one person can do."""

    make: ClassVar[Callable[[], Company]]
    numbers: ClassVar[list[int]] = []
    """As many as accounts were made: their names stay, while all else is forgotten."""

    @initialize()
    def begin(self) -> None:
        self.company = type(self).make()
        first = self.company.account(self._name())
        second = self.company.account_by(first, self._name())
        third = self.company.account_by(second, self._name())
        self.accounts = [first, second, third, self.company.account_of_sign_on(self._name())]
        for text in (SECRET, IBAN, MAIL):
            self._send([text], TOOL)

    def _name(self) -> str:
        self.numbers.append(len(self.numbers))
        return f"Eve {len(self.numbers)}"

    def _account(self, who: int) -> Account:
        return self.accounts[who % len(self.accounts)]

    def _send(self, texts: list[str], tool: str) -> None:
        """What must hold of all that reaches a service."""
        received = self.company.send(*texts, tool=tool)
        if received is not None:
            assert tool == TOOL, "nothing goes to a tool that is prohibited"
            assert MAIL.encode() not in received, "what is prohibited never leaves"
            assert SECRET.encode() not in received, "what nobody may let go never leaves"
            assert IBAN.encode() not in received or self.company.justified, "nor without a reason what needs one"

    @rule(texts=TEXTS, tool=st.sampled_from([TOOL, TOOL, TOOL, PROHIBITED]))
    def send(self, texts: list[str], tool: str) -> None:
        self._send(texts, tool)

    @rule(texts=TEXTS, which=WHICH, again=st.booleans())
    def give_a_reason_by_its_code(self, texts: list[str], which: int, again: bool) -> None:
        for code in one_of(self.company.codes, which):
            self.company.justified = True
            self._send([*texts, f"pg-allow {code} She asked for it", *([texts[-1]] * again)], TOOL)

    @rule(which=WHICH, scope=st.sampled_from(GrantScope))
    def give_a_reason_on_its_page(self, which: int, scope: GrantScope) -> None:
        for decision in one_of(self.company.held, which):
            self.company.give_reason(decision, scope)

    @rule(who=WHO, which=WHICH, what=st.sampled_from(ASKED_FOR))
    def ask_for_something(self, who: int, which: int, what: str) -> None:
        company, account = self.company, self._account(who)
        match what:
            case "exception":
                data_class = "personal_data" if which % 3 else "credentials"
                company.ask_exception(account if which % 4 else None, data_class, which % 2)
            case "renewal":
                for order in one_of(company.orders, which):
                    company.renew(order, account)
            case "status":
                company.ask_status(
                    account, TOOL if which % 3 else PROHIBITED, "approved" if which % 2 else "prohibited"
                )
            case "suspension":
                company.suspend(account, "bob" if which % 2 else USER)
            case _:
                for event in company.decisions[-3:]:
                    company.ask_false_alarm(event, account)

    @rule(who=WHO)
    def approve_whatever_waits(self, who: int) -> None:
        for order in self.company.orders:
            for user in (USER, "bob"):
                self.company.approve(order, self._account(who), user)
        self.company.accept_false_alarms(self._account(who))

    @rule(who=WHO, which=WHICH)
    def end(self, who: int, which: int) -> None:
        for order in one_of(self.company.orders, which):
            self.company.end(order, self._account(who))

    @rule(who=WHO, what=st.sampled_from([{"everything": True}, {"tool": TOOL}, {"data_class": "personal_data"}]))
    def stop(self, who: int, what: dict[str, Any]) -> None:
        self.company.stop(self._account(who), **what)

    @rule(minutes=st.sampled_from([1, 31, 600, 20_000]))
    def wait(self, minutes: int) -> None:
        self.company.now += timedelta(minutes=minutes)

    @invariant()
    def nothing_is_decided(self) -> None:
        company = getattr(self, "company", None)
        if company is not None:
            assert not company.is_in_doubt, "else nothing would count whatever is decided"
            assert {order.kind for order in company.in_force} <= {"stop"}, "decided by one person alone"
            assert company.alarms.holding() == [], "accepted by one person alone"


def try_sequences(make_company: Callable[[], Company]) -> None:
    OnePerson.make = staticmethod(make_company)
    run_state_machine_as_test(
        OnePerson,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            derandomize=SEQUENCES == FEW,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate] if SEQUENCES == FEW else list(Phase),
        ),
    )


def test_one_person_alone(make_company: Callable[[], Company]) -> None:
    try_sequences(make_company)


def ask_and_approve(make_company: Callable[[], Company]) -> None:
    """Steps of the machine in one order: each account asks for everything, and each approves."""
    OnePerson.make = staticmethod(make_company)
    machine = OnePerson()
    machine.begin()
    for what in ASKED_FOR:
        for who in range(len(machine.accounts)):
            machine.ask_for_something(who, 1, what)
    for who in range(len(machine.accounts)):
        machine.approve_whatever_waits(who)
    machine.nothing_is_decided()


def test_each_account_asks_and_each_approves(make_company: Callable[[], Company]) -> None:
    ask_and_approve(make_company)


@pytest.mark.parametrize("where", ["ordering", "suspensions", "false_alarms"])
def test_it_is_told_where_one_person_counts_as_two(
    where: str, make_company: Callable[[], Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds above is held by what is looked at here."""
    monkeypatch.setattr(f"promptguard.review.{where}.not_two_persons", lambda connection, first, second: "")
    with pytest.raises(AssertionError, match="by one person alone"):
        ask_and_approve(make_company)


@pytest.fixture
def company(make_company: Callable[[], Company]) -> Company:
    return make_company()


@pytest.fixture
def two(company: Company) -> tuple[Account, Account]:
    """Accounts of two persons: neither set up the other."""
    numbers = OnePerson.numbers
    numbers.append(len(numbers))
    return company.account(f"Ann {len(numbers)}"), company.account(f"Bob {len(numbers)}")


def test_two_persons_let_go_what_one_cannot(company: Company, two: tuple[Account, Account]) -> None:
    ann, bob = two
    assert company.send(MAIL) is None
    company.ask_exception(ann, "personal_data", 0)
    company.ask_exception(ann, "credentials", 0)
    assert company.send(MAIL) is None
    for order in company.orders:
        company.approve(order, bob, USER)
    assert MAIL.encode() in (company.send(MAIL) or b"")
    assert company.send(SECRET) is None, "of that there are no exceptions"
    company.stop(ann, data_class="personal_data")
    assert company.send(MAIL) is None
    assert CLEAN.encode() in (company.send(CLEAN) or b"")


def test_two_persons_decide_on_a_tool_a_person_and_a_value(company: Company, two: tuple[Account, Account]) -> None:
    ann, bob = two
    assert company.send(CLEAN, tool=PROHIBITED) is None
    company.ask_status(ann, PROHIBITED, "approved")
    for order in company.orders:
        company.approve(order, bob, USER)
    assert CLEAN.encode() in (company.send(CLEAN, tool=PROHIBITED) or b"")
    assert company.send(MAIL) is None
    company.ask_false_alarm(company.decisions[-1], ann)
    company.accept_false_alarms(bob)
    assert MAIL.encode() in (company.send(MAIL) or b"")
    company.suspend(ann, USER)
    assert company.send(CLEAN) is not None
    for order in company.orders:
        company.approve(order, bob, USER)
    assert company.send(CLEAN) is None


def test_one_person_gives_a_reason_for_what_needs_one(company: Company) -> None:
    assert company.send(IBAN) is None
    (code,) = company.codes
    assert IBAN.encode() in (company.send(IBAN, f"pg-allow {code} She asked for it") or b"")
    assert company.send(SECRET) is None
    assert SECRET.encode() not in (company.send(SECRET, f"pg-allow {code} She asked for it") or b"")
