from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from promptguard.authentication import account_guesses
from promptguard.authentication.account_guesses import AccountGuesses
from promptguard.authentication.interface import Unanswered

ANNA, HOME, ELSEWHERE = "cn=anna", "10.0.0.1", "10.9.9.9"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guesses(clock: Clock) -> AccountGuesses:
    return AccountGuesses(3, 1800.0, clock)


def tried(guesses: AccountGuesses, account: str, network: str, *, right: bool = False) -> None:
    guess = guesses.begin(network)
    guess.is_of(account)
    guess.was(right=right)
    guess.is_over()


def test_an_account_waits_after_so_many(guesses: AccountGuesses, clock: Clock) -> None:
    for number in range(3):
        tried(guesses, ANNA, f"10.0.0.{number}")
        clock.now += 100
    with pytest.raises(Unanswered, match="held_off seconds=1500"):
        tried(guesses, ANNA, HOME, right=True)
    tried(guesses, "cn=ben", HOME)
    clock.now += 1500
    tried(guesses, ANNA, HOME)
    with pytest.raises(Unanswered, match="held_off seconds=100"):
        tried(guesses, ANNA, HOME)


def test_nobody_elsewhere_keeps_the_owner_out(guesses: AccountGuesses) -> None:
    tried(guesses, ANNA, HOME, right=True)
    for _ in range(3):
        tried(guesses, ANNA, ELSEWHERE)
    with pytest.raises(Unanswered):
        tried(guesses, ANNA, ELSEWHERE)
    for _ in range(5):
        tried(guesses, ANNA, HOME, right=True)
    for _ in range(3):
        tried(guesses, ANNA, HOME)
    with pytest.raises(Unanswered):
        tried(guesses, ANNA, HOME)


def test_what_was_not_tried_counts_for_nothing(guesses: AccountGuesses) -> None:
    for _ in range(5):
        guess = guesses.begin(HOME)
        guess.is_of(ANNA)
        guess.is_of(ANNA)  # at another server
        guess.is_over()
    tried(guesses, ANNA, HOME)
    guesses.begin(HOME).is_over()


def test_no_more_are_tried_at_once_than_may_be_wrong(guesses: AccountGuesses) -> None:
    """Many machines with the same right password: none is refused, and no more than three are under way."""
    under_way, most, counting = 0, 0, threading.Lock()
    meet = threading.Barrier(3)

    def sign_in(_: int) -> None:
        nonlocal under_way, most
        guess = guesses.begin(HOME)
        guess.is_of(ANNA)
        with counting:
            under_way += 1
            most = max(most, under_way)
        meet.wait(30)  # three at a time, and never a fourth
        with counting:
            under_way -= 1
        guess.was(right=True)

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(sign_in, range(12)))
    assert most == 3


def test_those_that_waited_are_refused_where_the_others_were_wrong(guesses: AccountGuesses) -> None:
    meet = threading.Barrier(3)

    def guess_wrong(_: int) -> bool:
        guess = guesses.begin(HOME)
        try:
            guess.is_of(ANNA)
        except Unanswered:
            return False
        meet.wait(30)
        guess.was(right=False)
        return True

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(guess_wrong, range(12))) == 3


def test_no_more_are_kept_than_so_many(guesses: AccountGuesses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_guesses, "MAX_KEPT", 2)
    for account in ("a", "b", "c"):
        for _ in range(3):
            tried(guesses, account, HOME)
    tried(guesses, "a", HOME)
    with pytest.raises(Unanswered):
        tried(guesses, "c", HOME)
