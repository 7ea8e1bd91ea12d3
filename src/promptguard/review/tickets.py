"""What is handed out and comes back: sealed, for a time, for one purpose, and taken once.

Nothing is kept of a ticket until it comes back well: whoever asks for many fills no table.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, delete, insert, select

from promptguard.keys import SealingCipher
from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import hash_of_secret
from promptguard.review.sign_in_tables import used_ticket

_TIME_BYTES = 8


class Tickets:
    """Makes tickets and takes them back. For any thread; another process with the same key takes them, too.

    Args:
        key: 32 bytes.
        now: seconds since 1970.
    """

    def __init__(self, database: ReviewDatabase, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._cipher = SealingCipher(key)
        self._now = now

    def make(self, purpose: str, held: str, *, seconds: int) -> str:
        """A ticket (base64url) that holds a text which nobody else can read or change."""
        expires = int(self._now()) + seconds
        sealed = self._cipher.seal(expires.to_bytes(_TIME_BYTES) + held.encode(), purpose.encode())
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def held(self, purpose: str, ticket: str) -> str | None:
        """What a ticket holds; None if it is none of ours, is for something else, or too old."""
        opened = self._opened(purpose, ticket)
        return opened[1] if opened else None

    def take(self, purpose: str, ticket: str) -> bool:
        """Take a ticket for good; False if it was taken before, or holds no longer."""
        opened = self._opened(purpose, ticket)
        if opened is None:
            return False
        return self.use(ticket, expires=opened[0])

    def is_used(self, name: str) -> bool:
        """Whether something was used that counts once, and not so long ago that it does not count any more."""
        with self._database.reading() as connection:
            return connection.scalar(_expires(name)) is not None

    def use(self, name: str, *, expires: int) -> bool:
        """Use something that counts once; False if it was used before.

        Args:
            expires: seconds since 1970, from when on it does not count anyway.
        """
        with self._database.writing() as connection:
            connection.execute(delete(used_ticket).where(used_ticket.c.expires < int(self._now())))
            if connection.scalar(_expires(name)) is not None:
                return False
            connection.execute(insert(used_ticket).values(token=hash_of_secret(name), expires=expires))
        return True

    def _opened(self, purpose: str, ticket: str) -> tuple[int, str] | None:
        try:
            # Strict, so that no two texts are the same ticket.
            raw = base64.b64decode(ticket + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True)
            if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != ticket:
                return None
            opened = self._cipher.open(raw, purpose.encode())
            expires, held = int.from_bytes(opened[:_TIME_BYTES]), opened[_TIME_BYTES:].decode()
        except ValueError:  # of Base64 or UTF-8, too
            return None
        return (expires, held) if self._now() < expires else None


def _expires(name: str) -> Select[Any]:
    return select(used_ticket.c.expires).where(used_ticket.c.token == hash_of_secret(name))
