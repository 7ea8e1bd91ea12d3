"""How many wrong passwords of one account are passed on to a directory: others must not get a colleague locked there.

Counted by what the directory calls the account, since it may be written in many ways. Where its owner has signed in
from before, passwords are counted apart, so that nobody who guesses from elsewhere keeps the owner out.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, Final

from promptguard.authentication.interface import Unanswered
from promptguard.reasons import Code

type Counted = tuple[str, str]
"""An account, and the network that its owner has signed in from; empty for all others."""

MAX_KEPT: Final = 100_000
"""Accounts, and places where their owners have signed in from. Beyond that, the oldest is forgotten."""


class AccountGuesses:
    """For any thread.

    Args:
        limit: wrong passwords of an account.
        seconds: within which they are counted.
        now: a clock in seconds that never goes back.
    """

    def __init__(self, limit: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._now = now
        self._changed = threading.Condition()
        self._wrong: OrderedDict[Counted, list[float]] = OrderedDict()
        self._trying: Counter[Counted] = Counter()
        self._known: OrderedDict[Counted, None] = OrderedDict()

    def begin(self, network: str) -> Guess:
        """A password that comes from a network."""
        return Guess(self, network)

    def take(self, account: str, network: str) -> tuple[Counted, float]:
        """Say that a password is about to be tried. Waits while those that are being tried could all be wrong.

        Returns:
            What it is counted as, and how many seconds it has to wait instead; 0 where it may be tried.
        """
        with self._changed:
            key = account, network if (account, network) in self._known else ""
            self._changed.wait_for(lambda: self._may_be_tried(key) or self._seconds_to_wait(key) > 0)
            wait = self._seconds_to_wait(key)
            self._trying[key] += not wait
            return key, wait

    def end(self, key: Counted, *, wrong: bool) -> None:
        """Say what has come of a password that was tried."""
        with self._changed:
            self._trying[key] -= 1
            if not self._trying[key]:
                del self._trying[key]
            if wrong:
                self._wrong[key] = [*self._recent(key), self._now()]
                self._wrong.move_to_end(key)
                _bound(self._wrong)
            self._changed.notify_all()

    def know(self, account: str, network: str) -> None:
        """Note from where the owner of an account signs in."""
        with self._changed:
            self._known[account, network] = None
            self._known.move_to_end((account, network))
            _bound(self._known)

    def _recent(self, key: Counted) -> list[float]:
        begin = self._now() - self._seconds
        return [at for at in self._wrong.get(key, ()) if at > begin]

    def _may_be_tried(self, key: Counted) -> bool:
        return len(self._recent(key)) + self._trying[key] < self._limit

    def _seconds_to_wait(self, key: Counted) -> float:
        recent = self._recent(key)
        return recent[-self._limit] + self._seconds - self._now() if len(recent) >= self._limit else 0.0


class Guess:
    """One password, on its way to the directory. See `AccountGuesses.begin`."""

    def __init__(self, guesses: AccountGuesses, network: str) -> None:
        self._guesses = guesses
        self._network = network
        self._account = ""
        self._key: Counted | None = None

    def is_of(self, account: str) -> None:
        """Say whose it is to be, before it is tried; again where another server is asked.

        Raises:
            Unanswered: too many were wrong.
        """
        if self._key is not None:
            return
        key, wait = self._guesses.take(account, self._network)
        if wait:
            raise Unanswered(Code.SIGN_IN_HELD_OFF, seconds=math.ceil(wait))
        self._account, self._key = account, key

    def was(self, *, right: bool) -> None:
        """Say whether it is the account's own."""
        self._end(wrong=not right)
        if right:
            self._guesses.know(self._account, self._network)

    def is_over(self) -> None:
        """Where nothing was said of it, no server could be asked."""
        self._end(wrong=False)

    def _end(self, *, wrong: bool) -> None:
        if self._key is not None:
            self._guesses.end(self._key, wrong=wrong)
            self._key = None


def _bound(kept: OrderedDict[Counted, Any]) -> None:
    if len(kept) > MAX_KEPT:
        kept.popitem(last=False)
