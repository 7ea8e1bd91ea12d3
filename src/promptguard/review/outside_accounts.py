"""Accounts that an OpenID Connect provider vouches for: made at the first sign-in, with the roles of their groups.

Of what the provider tells, the name is kept, and a keyed hash of who it is. Such an account is never one with an
account of the console itself, whatever it is called.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection, Iterator

from sqlalchemy import Connection, delete, insert, select, update

from promptguard.review.accounts import Account, Accounts, NotPossible, account_by_name, checked_name, new_account
from promptguard.review.database import ReviewDatabase
from promptguard.review.roles import Role
from promptguard.review.sign_in_tables import outside_account
from promptguard.review.tables import account, session

MAX_SAME_NAMES = 100
_NAME_LENGTH = 64

type Noting = Callable[[str, Account], None]
"""Told `made` or `changed`, and the account as it will be, before it is so."""


class OutsideAccounts:
    """The accounts of one provider. For any thread.

    Args:
        key: for the hashes of subjects.
        issuer: the provider.
        label: what stands behind a name that is taken, such as the provider's host.
    """

    def __init__(self, database: ReviewDatabase, accounts: Accounts, key: bytes, issuer: str, label: str) -> None:
        self._database = database
        self._accounts = accounts
        self._key = key
        self._issuer = issuer
        self._label = label

    def admit(self, subject: str, name: str, roles: Collection[Role], noting: Noting) -> Account:
        """The account of whoever the provider vouches for.

        Args:
            subject: what the provider calls the person, for ever (`sub`).
            name: what it is called now.
            roles: what its groups give. Others are taken; with none left, it is nobody's.

        Raises:
            NotPossible: it has no role, was locked out, or has no name that will do.
        """
        hashed = subject_hash(self._key, self._issuer, subject)
        known = self._known(hashed)
        if known is not None and known.disabled:
            raise NotPossible("This account was locked out. An administrator of the console can let it in again.")
        if known is None and not roles:
            raise NotPossible(_NO_ROLE)
        wanted = self._wanted(known, checked_name(name) if roles or known is None else known.name, roles)
        if known is None or (known.roles, known.name) != (wanted.roles, wanted.name):
            noting("changed" if known else "made", wanted)
            self._write(wanted, hashed, is_new=known is None)
        if not roles:
            raise NotPossible(_NO_ROLE)
        return wanted

    def _known(self, hashed: bytes) -> Account | None:
        with self._database.reading() as connection:
            id = connection.scalar(select(outside_account.c.account).where(outside_account.c.subject == hashed))
        return self._accounts.find(id) if id else None

    def _wanted(self, known: Account | None, name: str, roles: Collection[Role]) -> Account:
        id = known.id if known else secrets.token_hex(8)
        with self._database.reading() as connection:
            free = self._free_name(connection, name, id)
        created = known.created if known else ""
        return Account(id, free, frozenset(roles), created, False, False, False, 0, outside=True)

    def _free_name(self, connection: Connection, name: str, id: str) -> str:
        for candidate in self._names(name):
            holder = account_by_name(connection, candidate)
            if holder is None or holder["id"] == id:
                return candidate
        raise NotPossible(f"There are too many accounts called “{name}”.")

    def _names(self, name: str) -> Iterator[str]:
        yield name
        for number in range(1, MAX_SAME_NAMES):
            more = f" ({self._label})" if number == 1 else f" ({self._label}, {number})"
            more = more[-_NAME_LENGTH // 2 :]
            yield name[: _NAME_LENGTH - len(more)] + more

    def _write(self, wanted: Account, hashed: bytes, *, is_new: bool) -> None:
        with self._database.writing() as connection:
            if is_new:
                connection.execute(insert(account).values(new_account(wanted.id, wanted.name, wanted.roles)))
                connection.execute(insert(outside_account).values(account=wanted.id, subject=hashed))
                return
            values = {"name": wanted.name, "roles": " ".join(sorted(wanted.roles))}
            connection.execute(update(account).where(account.c.id == wanted.id).values(values))
            # Elsewhere it is signed in with other roles.
            connection.execute(delete(session).where(session.c.account == wanted.id))


def subject_hash(key: bytes, issuer: str, subject: str) -> bytes:
    """What is kept of what a provider calls a person."""
    return hmac.digest(key, f"{issuer}\0{subject}".encode(), "sha256")


_NO_ROLE = (
    "None of your groups has a role in this console. Whoever runs it says which groups do (console.oidc.roles); "
    "whoever runs the company's sign-on puts you into one."
)
