"""Accounts of reviewers: who may sign in, with which roles; passwords, one-time codes, and being locked out."""

from __future__ import annotations

import secrets
import time
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from promptguard.audit.events import timestamp
from promptguard.errors import PromptGuardError
from promptguard.review import passwords
from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import hash_of_secret
from promptguard.review.known_devices import KnownDevices, forget_devices
from promptguard.review.one_time_codes import OneTimeCodes
from promptguard.review.roles import Permission, Role, permissions_of
from promptguard.review.sign_in_tables import outside_account, passkey
from promptguard.review.tables import account, link, session

MAX_FAILURES = 5
"""Wrong passwords or codes in a row before an account is locked."""
LOCKED_SECONDS = 60
"""For so long at first, twice as long each time after, up to `MAX_LOCKED_SECONDS`."""
MAX_LOCKED_SECONDS = 3600
LINK_SECONDS = 24 * 3600

type Before = Callable[[str, str], None]
"""Told the account's id and name once all is well, before anything is changed: to write it down."""


_USED_UP = "This link was used or is too old. Ask for a new one."


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
    outside: bool = False
    """Whether an OpenID Connect provider vouches for it: it has no password, and its groups give its roles."""

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
        self._codes = OneTimeCodes(key, now)
        self._now = now
        self.devices = KnownDevices(database, now)
        """The browsers from which somebody signed in before."""

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self._database.reading() as connection:
            return [_account(row) for row in connection.execute(_ACCOUNTS.order_by(account.c.name)).mappings()]

    def find(self, id: str) -> Account | None:
        """An account by its id."""
        with self._database.reading() as connection:
            row = connection.execute(_ACCOUNTS.where(account.c.id == id)).mappings().one_or_none()
        return _account(row) if row else None

    def make(self, name: str, roles: Collection[Role]) -> Account:
        """A new account without a password.

        Raises:
            NotPossible: there is one of this name, or the name is none.
        """
        name = checked_name(name)
        id = secrets.token_hex(8)
        with self._database.writing() as connection:
            if account_by_name(connection, name) is not None:
                raise NotPossible(f"There is an account “{name}” already.")
            connection.execute(insert(account).values(new_account(id, name, roles)))
        made = self.find(id)
        assert made is not None
        return made

    def change(self, id: str, *, roles: Collection[Role] | None = None, disabled: bool | None = None) -> None:
        """Give other roles, or lock out or let in again. Whoever is signed in with it is signed out.

        Raises:
            NotPossible: nobody would be left who can make accounts, or its groups give its roles.
        """
        values: dict[str, Any] = {}
        if roles is not None:
            values["roles"] = _written(roles)
        if disabled is not None:
            values |= {"disabled": int(disabled), "failures": 0, "locked_until": 0}
        with self._database.writing() as connection:
            if roles is not None:
                _refuse_outside(connection, id, "its groups there give its roles")
            connection.execute(update(account).where(account.c.id == id).values(values))
            _somebody_left(connection)
            connection.execute(delete(session).where(session.c.account == id))
            if disabled:
                forget_devices(connection, id)

    def make_link(self, id: str = "") -> str:
        """The secret of a link that can be used once, within a day, to choose a password.

        Args:
            id: of the account; empty for the first one, which is made when the link is used. Earlier links to the
                same hold no longer.

        Raises:
            NotPossible: the account has no password to choose.
        """
        secret = secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            _refuse_outside(connection, id, "there is no password to choose")
            connection.execute(delete(link).where((link.c.account == id) | (link.c.expires < self._now())))
            expires = int(self._now()) + LINK_SECONDS
            connection.execute(insert(link).values(token=hash_of_secret(secret), account=id, expires=expires))
        return secret

    def link_leads_to(self, secret: str) -> str | None:
        """The id of the account that a link is for, empty for the first one; None if it holds no longer."""
        with self._database.reading() as connection:
            return self._account_of(connection, secret)

    def use_link(
        self,
        secret: str,
        password: str,
        *,
        name: str = "",
        roles: Collection[Role] = (),
        before: Before = lambda id, name: None,
    ) -> Account:
        """Choose a password through a link, which is used up.

        Args:
            name, roles: of the first account, where the link is for that.
            before: told what is about to happen.

        Raises:
            NotPossible: the link holds no longer, or name or password will not do: then it can be used again.
        """
        found = self.link_leads_to(secret)
        if found is None:
            raise NotPossible(_USED_UP)
        known = self.find(found) if found else None
        name = known.name if known else checked_name(name)
        if complaint := passwords.complaint(password, name):
            raise NotPossible(complaint)
        if not found and Role.ADMINISTRATOR not in roles:
            raise NotPossible("The first account has to be an administrator: it is the one who makes the others.")
        hashed = passwords.hashed(password)
        id = found or secrets.token_hex(8)
        before(id, name)
        with self._database.writing() as connection:
            if self._account_of(connection, secret) != found:
                raise NotPossible(_USED_UP)
            if not found:
                if connection.scalar(select(func.count()).select_from(account)):
                    raise NotPossible("There are accounts already: an administrator makes further ones.")
                connection.execute(insert(account).values(new_account(id, name, roles)))
            chosen = {"password": hashed, "failures": 0, "locked_until": 0, "totp": None}
            connection.execute(update(account).where(account.c.id == id).values(chosen))
            connection.execute(delete(link).where(link.c.account.in_((id, found))))
            connection.execute(delete(session).where(session.c.account == id))
            forget_devices(connection, id)
            connection.execute(delete(passkey).where(passkey.c.account == id))
        made = self.find(id)
        assert made is not None
        return made

    def sign_in(self, name: str, password: str, code: str, device: str = "") -> Account | None:
        """The account whose name, password and, where it has one, one-time code these are; None if not, or locked.

        It takes as long whether there is such an account or not. Wrong passwords from elsewhere do not lock it for a
        `device` that is known (the secret of its cookie): what comes from there is counted by itself.
        """
        with self._database.reading() as connection:
            row = account_by_name(connection, name)
        right = passwords.is_password(password, row["password"] if row else "")
        tried = row["password"] if row else None
        with self._database.writing() as connection:
            row = account_by_name(connection, name)
            known = self.devices.belongs(connection, device, row["id"] if row else "")
            locked = row is not None and not known and self._is_locked(row)
            if row is None or row["disabled"] or row["password"] != tried or locked:
                connection.execute(_NOTHING)
                return None
            step = self._codes.step(row["totp"], code, row["totp_step"]) if right else None
            of_row = update(account).where(account.c.id == row["id"])
            if step is None and known:
                self.devices.failed(connection, device)
            elif step is None:
                connection.execute(of_row.values(self._failed(row)))
            else:
                connection.execute(of_row.values(totp_step=step))
                if known:
                    self.devices.succeeded(connection, device)
                else:
                    connection.execute(of_row.values(failures=0, locked_until=0))
        return _account(row) if step is not None else None

    def is_password(self, id: str, password: str) -> bool:
        """Whether this is the account's password: asked again before what cannot be undone."""
        with self._database.reading() as connection:
            known = connection.scalar(select(account.c.password).where(account.c.id == id))
        return passwords.is_password(password, known or "")

    def set_second_factor(self, id: str, secret: str, code: str, *, before: Before = lambda id, name: None) -> bool:
        """Ask for one-time codes of a secret (RFC 6238, base32) from now on; False if the code is none of its."""
        step = self._codes.step_of(secret, code)
        if step is None:
            return False
        before(id, "")
        with self._database.writing() as connection:
            values = {"totp": self._codes.sealed(secret), "totp_step": step}
            connection.execute(update(account).where(account.c.id == id).values(values))
        return True

    def remove_second_factor(self, id: str) -> None:
        """Ask for no one-time codes any more."""
        with self._database.writing() as connection:
            connection.execute(update(account).where(account.c.id == id).values(totp=None))

    def _account_of(self, connection: Connection, secret: str) -> str | None:
        still = link.c.expires > self._now()
        return connection.scalar(select(link.c.account).where(link.c.token == hash_of_secret(secret), still))

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


def account_by_name(connection: Connection, name: str) -> RowMapping | None:
    """The row of the account of a name. SQLite knows the case of ASCII alone: they are compared here, they are few."""
    key = name_key(name)
    ids = (id for id, known in connection.execute(select(account.c.id, account.c.name)).all() if name_key(known) == key)
    return connection.execute(select(account).where(account.c.id == next(ids, ""))).mappings().one_or_none()


def name_key(name: str) -> str:
    """What two ways of writing one name have in common: without regard to case, width and composition (UAX #15)."""
    return unicodedata.normalize("NFKC", _composed(name).casefold())


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


_FIRST = select(func.min(account.c.id)).scalar_subquery()
_NOTHING = update(account).where(account.c.id == _FIRST).values(failures=account.c.failures)
"""Writes as a failure is written, so that the time that it takes says nothing about names."""


def new_account(id: str, name: str, roles: Collection[Role]) -> dict[str, object]:
    """The row of an account without a password."""
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
        row.get("subject") is not None,
    )


_ACCOUNTS = select(account, outside_account.c.subject).outerjoin(
    outside_account, outside_account.c.account == account.c.id
)


def _refuse_outside(connection: Connection, id: str, why: str) -> None:
    if connection.scalar(select(outside_account.c.account).where(outside_account.c.account == id)) is not None:
        raise NotPossible(f"This account signs in with the company's sign-on: {why}.")


def _somebody_left(connection: Connection) -> None:
    rows: Sequence[RowMapping] = connection.execute(select(account)).mappings().all()
    if not any(Role.ADMINISTRATOR in each.roles and not each.disabled for each in map(_account, rows)):
        raise NotPossible("This is the last administrator: make another one first.")
