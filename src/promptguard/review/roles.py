"""What the roles of reviewers may do. Nobody has more than the roles that were given; none of them reveals a value."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Permission(StrEnum):
    """What a page or an act asks for."""

    COUNTS = "counts"
    """See how many decisions there were."""
    DECISIONS = "decisions"
    """See decisions: pseudonyms, kinds and masked shapes."""
    JUDGE = "judge"
    """Say whether a finding is right."""
    EXPORT = "export"
    """Take decisions away as a file."""
    DESTINATIONS = "destinations"
    """See the registry of AI services, tools that are not in it, and how many decisions each service has."""
    LEDGER = "ledger"
    """See who looked at what."""
    ACCOUNTS = "accounts"
    """Make accounts, give roles, lock out."""


class Role(StrEnum):
    """What an account is for."""

    ANALYST = "analyst"
    AUDITOR = "auditor"
    REGISTRY_OWNER = "registry_owner"
    ADMINISTRATOR = "administrator"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: frozenset({Permission.COUNTS, Permission.DECISIONS, Permission.JUDGE, Permission.EXPORT})
    | {Permission.DESTINATIONS},
    Role.AUDITOR: frozenset({Permission.COUNTS, Permission.DECISIONS, Permission.EXPORT, Permission.LEDGER})
    | {Permission.DESTINATIONS},
    Role.REGISTRY_OWNER: frozenset({Permission.DESTINATIONS}),
    Role.ADMINISTRATOR: frozenset({Permission.ACCOUNTS}),
}

DUTIES: dict[Role, str] = {
    Role.ANALYST: "reviews decisions, says whether findings are right, exports",
    Role.AUDITOR: "reads decisions and the ledger of who looked at what; changes nothing",
    Role.REGISTRY_OWNER: "reads which AI services are known, whose reviews are due, and what is not listed",
    Role.ADMINISTRATOR: "makes accounts and gives roles; sees no decisions",
}


def permissions_of(roles: Collection[Role]) -> frozenset[Permission]:
    """All that any of the roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
