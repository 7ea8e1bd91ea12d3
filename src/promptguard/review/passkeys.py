"""The passkeys of accounts, as they are kept: public keys, and how often each was used by its own count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, delete, insert, select, update

from promptguard.audit.events import timestamp
from promptguard.review.accounts import NotPossible, checked_name
from promptguard.review.database import ReviewDatabase
from promptguard.review.sign_in_tables import passkey

MAX_PASSKEYS = 20
"""Of one account."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey."""

    id: str
    """For pages: SHA-256 of the credential's id, in hexadecimal."""
    account: str
    name: str
    credential: bytes
    public_key: bytes
    """In COSE form (RFC 9052)."""
    counter: int
    created: str


class Passkeys:
    """All passkeys of an installation. For any thread."""

    def __init__(self, database: ReviewDatabase) -> None:
        self._database = database

    def of(self, account: str) -> list[Passkey]:
        """Those of an account, the oldest first."""
        statement = select(passkey).where(passkey.c.account == account).order_by(passkey.c.created, passkey.c.token)
        with self._database.reading() as connection:
            return [_passkey(row) for row in connection.execute(statement)]

    def find(self, credential: bytes) -> Passkey | None:
        """The one of a credential's id."""
        with self._database.reading() as connection:
            row = connection.execute(select(passkey).where(passkey.c.token == _token(credential))).one_or_none()
        return _passkey(row) if row else None

    def add(self, account: str, name: str, credential: bytes, public_key: bytes, counter: int) -> None:
        """Keep a new one.

        Raises:
            NotPossible: it is kept already, there are too many, or the name is none.
        """
        name = checked_name(name)
        of_account = select(passkey.c.token).where(passkey.c.account == account)
        values = {"account": account, "name": name, "credential": credential, "public_key": public_key}
        with self._database.writing() as connection:
            if len(connection.scalars(of_account).all()) >= MAX_PASSKEYS:
                raise NotPossible(f"An account has at most {MAX_PASSKEYS} passkeys.")
            if connection.scalar(select(passkey.c.name).where(passkey.c.token == _token(credential))) is not None:
                raise NotPossible("This passkey is in use already.")
            times = {"counter": counter, "created": timestamp(datetime.now(UTC))}
            connection.execute(insert(passkey).values(token=_token(credential), **values, **times))

    def used(self, credential: bytes, counter: int) -> None:
        """Keep how often it was used by its own count."""
        with self._database.writing() as connection:
            of_credential = passkey.c.token == _token(credential)
            connection.execute(update(passkey).where(of_credential).values(counter=counter))

    def remove(self, account: str, id: str) -> None:
        """Take one away."""
        try:
            token = bytes.fromhex(id)
        except ValueError:
            return
        with self._database.writing() as connection:
            connection.execute(delete(passkey).where(passkey.c.account == account, passkey.c.token == token))


def _token(credential: bytes) -> bytes:
    return hashlib.sha256(credential).digest()


def _passkey(row: Row[tuple[object, ...]]) -> Passkey:
    held = row._mapping
    return Passkey(held["token"].hex(), *(held[name] for name in Passkey.__slots__[1:]))
