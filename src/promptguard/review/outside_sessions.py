"""Sessions that an OpenID Connect provider began, and that it can end (Back-Channel Logout 1.0).

Of what the provider calls a session or a person, a keyed hash is kept and nothing else.
"""

from __future__ import annotations

import hmac

from sqlalchemy import ColumnElement, delete, insert, select

from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import hash_of_secret
from promptguard.review.outside_accounts import subject_hash
from promptguard.review.sign_in_tables import outside_account, outside_session
from promptguard.review.tables import session


class OutsideSessions:
    """The sessions of one provider. For any thread.

    Args:
        key: for the hashes, that of `OutsideAccounts`.
        issuer: the provider.
    """

    def __init__(self, database: ReviewDatabase, key: bytes, issuer: str) -> None:
        self._database = database
        self._key = key
        self._issuer = issuer

    def began(self, secret: str, sid: str) -> None:
        """Note what the provider calls a session that has begun; those that have ended are noted no more.

        Args:
            secret: of its cookie.
        """
        with self._database.writing() as connection:
            connection.execute(delete(outside_session).where(outside_session.c.token.not_in(select(session.c.token))))
            row = {"token": hash_of_secret(secret), "sid": self._hash(sid)}
            connection.execute(insert(outside_session).values(row))

    def end(self, subject: str, sid: str) -> list[str]:
        """End what the provider says is over, and tell whose it was, by the ids of accounts; nobody's where it was.

        Args:
            subject: whose sessions; empty where it does not say.
            sid: which; empty for all of them. Where a person is named, too, a session of which it is not known what
                the provider calls it ends as well.
        """
        named = select(outside_session.c.token).where(outside_session.c.sid == self._hash(sid))
        whose = select(outside_account.c.account).where(
            outside_account.c.subject == subject_hash(self._key, self._issuer, subject)
        )
        conditions: list[ColumnElement[bool]] = []
        if subject:
            conditions.append(session.c.account.in_(whose))
        if sid:
            unnamed = session.c.token.not_in(select(outside_session.c.token))
            conditions.append(session.c.token.in_(named) | unnamed if subject else session.c.token.in_(named))
        if not conditions:
            return []
        with self._database.writing() as connection:
            ended = connection.execute(select(session.c.token, session.c.account).where(*conditions)).all()
            tokens = [row.token for row in ended]
            connection.execute(delete(session).where(session.c.token.in_(tokens)))
            connection.execute(delete(outside_session).where(outside_session.c.token.in_(tokens)))
        return sorted({row.account for row in ended})

    def _hash(self, sid: str) -> bytes:
        return hmac.digest(self._key, f"{self._issuer}\0session\0{sid}".encode(), "sha256")
