"""Who is signed in."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from promptguard.review.accounts import Account, Accounts
from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import form_token, hash_of_secret
from promptguard.review.tables import session

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
_NOTED_SECONDS = 60
"""How exact it is known when somebody was last there: not each request writes."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    account: Account
    form_token: str
    """What forms of this session carry, so that no other site can send them."""


class Sessions:
    """Sessions of one installation. For any thread.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: ReviewDatabase, accounts: Accounts, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._accounts = accounts
        self._now = now

    def begin(self, account: Account) -> str:
        """The secret of a new session, for a cookie."""
        secret = secrets.token_urlsafe(32)
        now = int(self._now())
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.started < now - LONGEST_SECONDS))
            connection.execute(
                insert(session).values(token=hash_of_secret(secret), account=account.id, started=now, seen=now)
            )
        return secret

    def find(self, secret: str, *, looked: bool = True) -> Session | None:
        """The session that a cookie belongs to; None if it has ended, or its account was locked out.

        Args:
            looked: whether somebody is there; not where a page asks by itself.
        """
        if not secret:
            return None
        now = int(self._now())
        token = hash_of_secret(secret)
        with self._database.reading() as connection:
            row = connection.execute(select(session).where(session.c.token == token)).one_or_none()
        if row is None or not _holds(row.started, row.seen, now):
            return None
        account = self._accounts.find(row.account)
        if account is None or account.disabled:
            return None
        if looked and row.seen < now - _NOTED_SECONDS:
            with self._database.writing() as connection:
                connection.execute(update(session).where(session.c.token == token).values(seen=now))
        return Session(account, form_token(secret))

    def end(self, secret: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.token == hash_of_secret(secret)))


def _holds(started: int, seen: int, now: int) -> bool:
    """Whether a session goes on. One of the future does not: the clock was set back, and it would last too long."""
    since, idle = now - started, now - seen
    return -_NOTED_SECONDS <= since <= LONGEST_SECONDS and -_NOTED_SECONDS <= idle <= IDLE_SECONDS
