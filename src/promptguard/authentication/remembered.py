"""Passwords that were checked a moment ago, so that each new connection need not check them again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from secrets import token_bytes
from typing import Final

MAX_REMEMBERED: Final = 10_000


class Remembered[Answer]:
    """What the answer was to a user and a password. Kept is a keyed hash, bounded, and lost when the process ends.

    Args:
        now: a clock in seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, *, limit: int = MAX_REMEMBERED) -> None:
        self._now = now
        self._limit = limit
        self._key = token_bytes(32)
        self._answers: OrderedDict[bytes, tuple[float, Answer]] = OrderedDict()

    def get(self, user: str, password: str) -> Answer | None:
        """The answer, or None where there is none any more."""
        digest = self._digest(user, password)
        found = self._answers.get(digest)
        if found is None:
            return None
        if found[0] <= self._now():
            del self._answers[digest]
            return None
        self._answers.move_to_end(digest)
        return found[1]

    def put(self, user: str, password: str, answer: Answer, seconds: float = float("inf")) -> None:
        """Remember an answer for so many seconds."""
        digest = self._digest(user, password)
        self._answers[digest] = self._now() + seconds, answer
        self._answers.move_to_end(digest)
        if len(self._answers) > self._limit:
            self._answers.popitem(last=False)

    def _digest(self, user: str, password: str) -> bytes:
        name = user.encode("utf-8", "surrogatepass")
        content = b"%d:%b%b" % (len(name), name, password.encode("utf-8", "surrogatepass"))
        return blake2b(content, key=self._key, digest_size=32).digest()
