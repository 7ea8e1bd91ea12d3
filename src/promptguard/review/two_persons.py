"""Whether two accounts are those of two persons, as far as an installation can tell.

What takes two people (evidence, values that pass, assessments) takes no less where one person has two accounts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

import orjson
from sqlalchemy import Connection, select

from promptguard.audit.events import timestamp
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission, Role, permissions_of
from promptguard.review.sign_in_tables import outside_account
from promptguard.review.tables import account, ledger


def not_two_persons(connection: Connection, first: str, second: str) -> str:
    """Why a second account may be the first one's person, as a sentence to the second; empty if nothing says so.

    Args:
        first, second: ids of accounts. An empty `first` is nobody's: a rule, or somebody who is not signed in.
    """
    if first == second:
        return "You asked for this yourself: somebody else has to answer."
    if not first:
        return ""
    if _has_set_up(connection, first, second) or _has_set_up(connection, second, first):
        return "One of you two made the other's account, gave its roles or a link to it: a third person has to answer."
    if _is_outside(connection, first) != _is_outside(connection, second):
        return (
            "One of you two signs in with the company's sign-on, the other with a password of this console: one person "
            "can have both. Somebody who signs in as the one who asked does has to answer."
        )
    return ""


def may(connection: Connection, id: str, what: Permission) -> bool:
    """Whether an account still may do something: it may have been locked out, or lost a role."""
    row = connection.execute(select(account.c.roles, account.c.disabled).where(account.c.id == id)).one_or_none()
    return bool(row and not row.disabled and what in permissions_of([Role(name) for name in row.roles.split()]))


def chose_password(connection: Connection, id: str, since: int) -> bool:
    """Whether an account's password was chosen since: whoever makes a link to it can be another person than before."""
    noted = (ledger.c.account == id) & (ledger.c.act == Act.PASSWORD_CHOSEN)
    # In the second that it was asked in, it may have been just before.
    later = ledger.c.time >= timestamp(datetime.fromtimestamp(since + 1, UTC))
    return connection.execute(select(ledger.c.sequence).where(noted, later).limit(1)).first() is not None


def has_told(connection: Connection, id: str, decision_ids: Collection[str]) -> bool:
    """Whether an account told of one of these decisions as staff do: no report says whose it is, the ledger does."""
    mine = (ledger.c.account == id) & (ledger.c.act == Act.REPORTED)
    return any(
        orjson.loads(event)["object"] in decision_ids
        for event in connection.scalars(select(ledger.c.event).where(mine))
    )


def _has_set_up(connection: Connection, who: str, whom: str) -> bool:
    """Whether an account made another one, gave it roles, locked it out or in or made a link for it; or set up one of
    those who did. The ledger tells."""
    seen, following = {who}, [who]
    while following:
        reached = _set_up_by(connection, following.pop()) - seen
        if whom in reached:
            return True
        seen |= reached
        following.extend(reached)
    return False


def _set_up_by(connection: Connection, who: str) -> set[str]:
    """Ids of the accounts that one has set up. They are noted by their names while they have no id yet."""
    acts = (Act.ACCOUNT_MADE, Act.ACCOUNT_CHANGED, Act.LINK_MADE)
    noted = connection.scalars(select(ledger.c.event).where(ledger.c.account == who, ledger.c.act.in_(acts)))
    members = [orjson.loads(event) for event in noted]
    names = {each["detail"].get("account", "") for each in members if not each["object"]}
    ids = {str(each["object"]) for each in members if each["object"]}
    return ids | set(connection.scalars(select(account.c.id).where(account.c.name.in_(names))))


def _is_outside(connection: Connection, id: str) -> bool:
    """Whether the company's sign-on vouches for an account: of those, each person has one."""
    found = connection.scalar(select(outside_account.c.account).where(outside_account.c.account == id))
    return found is not None
