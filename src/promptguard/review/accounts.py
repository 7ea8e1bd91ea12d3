"""Accounts of reviewers: who may sign in, with which roles; passwords, one-time codes, and being locked out."""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from promptguard.audit.events import timestamp
from promptguard.errors import PromptGuardError
from promptguard.review import passwords
from promptguard.review.database import ReviewDatabase
from promptguard.review.roles import Permission, Role, permissions_of
from promptguard.review.tables import account, fact, link, session

MAX_FAILURES = 5
"""Wrong passwords or codes in a row before an account is locked."""
LOCKED_SECONDS = 60
"""For so long at first, twice as long each time after, up to `MAX_LOCKED_SECONDS`."""
MAX_LOCKED_SECONDS = 3600
LINK_SECONDS = 24 * 3600
CODE_SECONDS = 30
"""The time step of one-time codes (RFC 6238)."""

_NONCE_BYTES = 12


class NotPossible(PromptGuardError):
    """What was asked for cannot be done; the message says why, for whoever asked."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: str
    name: str
    roles: frozenset[Role]
    created: str
    disabled: bool
    has_password: bool
    has_second_factor: bool
    locked_until: int
    """Seconds since 1970; 0 where it is not locked."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it may do."""
        return permissions_of(self.roles)


class Accounts:
    """The accounts of an installation. For any thread.

    Args:
        key: `Keys.second_factor`.
        now: seconds since 1970.
    """

    def __init__(self, database: ReviewDatabase, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._cipher = AESGCM(key)
        self._now = now

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self._database.reading() as connection:
            return [_account(row) for row in connection.execute(select(account).order_by(account.c.name)).mappings()]

    def find(self, id: str) -> Account | None:
        """An account by its id."""
        with self._database.reading() as connection:
            row = connection.execute(select(account).where(account.c.id == id)).mappings().one_or_none()
        return _account(row) if row else None

    def make(self, name: str, roles: Collection[Role]) -> Account:
        """A new account without a password.

        Raises:
            NotPossible: there is one of this name, or the name is none.
        """
        name = checked_name(name)
        id = secrets.token_hex(8)
        with self._database.writing() as connection:
            if _by_name(connection, name) is not None:
                raise NotPossible(f"There is an account “{name}” already.")
            connection.execute(insert(account).values(_new(id, name, roles)))
        made = self.find(id)
        assert made is not None
        return made

    def change(self, id: str, *, roles: Collection[Role] | None = None, disabled: bool | None = None) -> None:
        """Give other roles, or lock out or let in again. Whoever is signed in with it is signed out.

        Raises:
            NotPossible: nobody would be left who can make accounts.
        """
        values: dict[str, Any] = {}
        if roles is not None:
            values["roles"] = _written(roles)
        if disabled is not None:
            values |= {"disabled": int(disabled), "failures": 0, "locked_until": 0}
        with self._database.writing() as connection:
            connection.execute(update(account).where(account.c.id == id).values(values))
            _somebody_left(connection)
            connection.execute(delete(session).where(session.c.account == id))

    def make_link(self, id: str = "") -> str:
        """The secret of a link that can be used once, within a day, to choose a password.

        Args:
            id: of the account; empty for the first one, which is made when the link is used. Earlier links to the
                same hold no longer.
        """
        secret = secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            connection.execute(delete(link).where((link.c.account == id) | (link.c.expires < self._now())))
            expires = int(self._now()) + LINK_SECONDS
            connection.execute(insert(link).values(token=hash_of_secret(secret), account=id, expires=expires))
        return secret

    def link_leads_to(self, secret: str) -> str | None:
        """The id of the account that a link is for, empty for the first one; None if it holds no longer."""
        with self._database.reading() as connection:
            return self._account_of(connection, secret)

    def use_link(self, secret: str, password: str, *, name: str = "", roles: Collection[Role] = ()) -> Account:
        """Choose a password through a link, which is used up.

        Args:
            name, roles: of the first account, where the link is for that.

        Raises:
            NotPossible: the link holds no longer, or name or password will not do: then it can be used again.
        """
        found = self.link_leads_to(secret)
        known = self.find(found) if found else None
        name = known.name if known else checked_name(name)
        if complaint := passwords.complaint(password, name):
            raise NotPossible(complaint)
        if not found and Role.ADMINISTRATOR not in roles:
            raise NotPossible("The first account has to be an administrator: it is the one who makes the others.")
        hashed = passwords.hashed(password)
        with self._database.writing() as connection:
            id = self._account_of(connection, secret)
            if id is None or id != found:
                raise NotPossible("This link was used or is too old. Ask for a new one.")
            if not id:
                if connection.scalar(select(func.count()).select_from(account)):
                    raise NotPossible("There are accounts already: an administrator makes further ones.")
                id = secrets.token_hex(8)
                connection.execute(insert(account).values(_new(id, name, roles)))
            chosen = {"password": hashed, "failures": 0, "locked_until": 0, "totp": None}
            connection.execute(update(account).where(account.c.id == id).values(chosen))
            connection.execute(delete(link).where(link.c.account.in_((id, found))))
            connection.execute(delete(session).where(session.c.account == id))
        made = self.find(id)
        assert made is not None
        return made

    def sign_in(self, name: str, password: str, code: str) -> Account | None:
        """The account whose name, password and, where it has one, one-time code these are; None if not, or locked.

        It takes as long whether there is such an account or not.
        """
        with self._database.reading() as connection:
            row = _by_name(connection, name)
        right = passwords.is_password(password, row["password"] if row else "")
        tried = row["password"] if row else None
        with self._database.writing() as connection:
            row = _by_name(connection, name)
            if row is None or row["disabled"] or row["password"] != tried or self._is_locked(row):
                connection.execute(_NOTHING)
                return None
            step = self._step(row["totp"], code, row["totp_step"]) if right else None
            if step is None:
                connection.execute(update(account).where(account.c.id == row["id"]).values(self._failed(row)))
                return None
            values = {"failures": 0, "locked_until": 0, "totp_step": step}
            connection.execute(update(account).where(account.c.id == row["id"]).values(values))
        return _account(row)

    def is_password(self, id: str, password: str) -> bool:
        """Whether this is the account's password: asked again before what cannot be undone."""
        with self._database.reading() as connection:
            known = connection.scalar(select(account.c.password).where(account.c.id == id))
        return passwords.is_password(password, known or "")

    def set_second_factor(self, id: str, secret: str, code: str) -> bool:
        """Ask for one-time codes of a secret (RFC 6238, base32) from now on; False if the code is none of its."""
        step = _step_of(secret, code, self._now(), after=0)
        if step is None:
            return False
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), None)
        with self._database.writing() as connection:
            connection.execute(update(account).where(account.c.id == id).values(totp=sealed, totp_step=step))
        return True

    def remove_second_factor(self, id: str) -> None:
        """Ask for no one-time codes any more."""
        with self._database.writing() as connection:
            connection.execute(update(account).where(account.c.id == id).values(totp=None))

    def _account_of(self, connection: Connection, secret: str) -> str | None:
        still = link.c.expires > self._now()
        return connection.scalar(select(link.c.account).where(link.c.token == hash_of_secret(secret), still))

    def _step(self, sealed: bytes | None, code: str, last: int) -> int | None:
        """The time step of the code, which is remembered so that no code is taken twice; None if it is wrong."""
        if sealed is None:
            return last
        try:
            secret = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode()
        except (InvalidTag, ValueError):
            return None
        return _step_of(secret, code, self._now(), after=last)

    def _is_locked(self, row: RowMapping) -> bool:
        """Whether it is locked; not where its lock is longer than any is: the clock was set back since."""
        return bool(self._now() < row["locked_until"] <= self._now() + MAX_LOCKED_SECONDS)

    def _failed(self, row: RowMapping) -> dict[str, int]:
        failures = row["failures"] + 1
        if failures < MAX_FAILURES:
            return {"failures": failures}
        doubled = LOCKED_SECONDS * 2 ** min(failures - MAX_FAILURES, 10)
        return {"failures": failures, "locked_until": int(self._now()) + min(doubled, MAX_LOCKED_SECONDS)}


def checked_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        NotPossible: it is none.
    """
    name = _composed(name)
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise NotPossible("A name has 1 to 64 characters.")
    return name


def _step_of(secret: str, code: str, now: float, *, after: int) -> int | None:
    """The step whose code this is, of the present one and its neighbours, if it comes after one that was used."""
    code = "".join(code.split())
    present = int(now) // CODE_SECONDS
    try:
        totp = pyotp.TOTP(secret, interval=CODE_SECONDS)
        for step in (present - 1, present, present + 1):
            if step > after and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
                return step
    except ValueError:  # the secret is no base32, or too short
        return None
    return None


def _by_name(connection: Connection, name: str) -> RowMapping | None:
    """The account of a name. SQLite knows the case of ASCII alone, so names are compared here: they are few."""
    key = name_key(name)
    ids = (id for id, known in connection.execute(select(account.c.id, account.c.name)).all() if name_key(known) == key)
    return connection.execute(select(account).where(account.c.id == next(ids, ""))).mappings().one_or_none()


def name_key(name: str) -> str:
    """What two ways of writing one name have in common: without regard to case, width and composition (UAX #15)."""
    return unicodedata.normalize("NFKC", _composed(name).casefold())


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


_NOTHING = update(fact).values(value=fact.c.value)
"""Writes as a failure is written, so that the time that it takes says nothing about names."""


def _new(id: str, name: str, roles: Collection[Role]) -> dict[str, object]:
    return {
        "id": id,
        "name": name,
        "password": "",
        "totp": None,
        "totp_step": 0,
        "roles": _written(roles),
        "created": timestamp(datetime.now(UTC)),
        "disabled": 0,
        "failures": 0,
        "locked_until": 0,
    }


def _written(roles: Collection[Role]) -> str:
    if not roles:
        raise NotPossible("An account needs at least one role.")
    return " ".join(sorted(roles))


def _account(row: RowMapping) -> Account:
    return Account(
        row["id"],
        row["name"],
        frozenset(map(Role, row["roles"].split())),
        row["created"],
        bool(row["disabled"]),
        bool(row["password"]),
        row["totp"] is not None,
        row["locked_until"],
    )


def _somebody_left(connection: Connection) -> None:
    rows: Sequence[RowMapping] = connection.execute(select(account)).mappings().all()
    if not any(Role.ADMINISTRATOR in each.roles and not each.disabled for each in map(_account, rows)):
        raise NotPossible("This is the last administrator: make another one first.")


def hash_of_secret(secret: str) -> bytes:
    """What is kept of a link or a cookie: SHA-256, since they are random themselves."""
    return hashlib.sha256(secret.encode()).digest()
