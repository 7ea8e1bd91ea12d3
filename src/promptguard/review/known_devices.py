"""Browsers from which somebody signed in before.

Whoever guesses passwords from elsewhere locks an account for those alone who come from elsewhere, too: its owner still
gets in with the browser that was used before (OWASP's device cookies,
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from sqlalchemy import Connection, Select, delete, insert, select, update

from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import hash_of_secret
from promptguard.review.sign_in_tables import known_device

DEVICE_SECONDS = 90 * 24 * 3600
MAX_DEVICES = 20
"""Browsers of one account; the one that was used first is forgotten."""
MAX_DEVICE_FAILURES = 5
"""Wrong passwords in a row from a browser before it counts as any other."""


class KnownDevices:
    """The browsers that are known. For any thread.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: ReviewDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def is_known(self, secret: str) -> bool:
        """Whether somebody signed in from it before."""
        with self._database.reading() as connection:
            return bool(secret) and connection.scalar(self._of(secret)) is not None

    def belongs(self, connection: Connection, secret: str, account: str) -> bool:
        """Whether it is one from which this account was signed in to."""
        return connection.scalar(self._of(secret).where(known_device.c.account == account)) is not None

    def remember(self, secret: str, account: str) -> str:
        """The secret for the cookie of a browser from which somebody just signed in: a new one, or the one it has."""
        with self._database.writing() as connection:
            connection.execute(delete(known_device).where(known_device.c.expires < int(self._now())))
            if self.belongs(connection, secret, account):
                return secret
            secret = secrets.token_urlsafe(32)
            values = {"token": hash_of_secret(secret), "account": account, "failures": 0}
            connection.execute(insert(known_device).values(**values, expires=int(self._now()) + DEVICE_SECONDS))
            oldest_first = known_device.c.expires.desc(), known_device.c.token
            of_account = select(known_device.c.token).where(known_device.c.account == account).order_by(*oldest_first)
            for token in connection.scalars(of_account).all()[MAX_DEVICES:]:
                connection.execute(delete(known_device).where(known_device.c.token == token))
        return secret

    def failed(self, connection: Connection, secret: str) -> None:
        """Count a wrong password from a known one; after too many it is known no more."""
        of_secret = known_device.c.token == hash_of_secret(secret)
        connection.execute(update(known_device).where(of_secret).values(failures=known_device.c.failures + 1))
        connection.execute(delete(known_device).where(of_secret, known_device.c.failures >= MAX_DEVICE_FAILURES))

    def succeeded(self, connection: Connection, secret: str) -> None:
        """Begin to count anew."""
        of_secret = known_device.c.token == hash_of_secret(secret)
        connection.execute(update(known_device).where(of_secret).values(failures=0))

    def _of(self, secret: str) -> Select[tuple[str]]:
        still = known_device.c.expires > int(self._now())
        return select(known_device.c.account).where(known_device.c.token == hash_of_secret(secret), still)


def forget_devices(connection: Connection, account: str) -> None:
    """Know none of an account's any more: its password is another one, or it was locked out."""
    connection.execute(delete(known_device).where(known_device.c.account == account))
