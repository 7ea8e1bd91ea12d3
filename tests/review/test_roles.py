import pytest

from promptguard.review.roles import DUTIES, PERMISSIONS, Permission, Role, permissions_of


@pytest.mark.parametrize("role", Role)
def test_every_role_is_told_and_may_something(role: Role) -> None:
    assert DUTIES[role]
    assert PERMISSIONS[role]


@pytest.mark.parametrize(
    ("role", "never"),
    [
        (Role.ADMINISTRATOR, {Permission.DECISIONS, Permission.COUNTS, Permission.EXPORT, Permission.LEDGER}),
        (Role.ANALYST, {Permission.ACCOUNTS, Permission.LEDGER}),
        (Role.AUDITOR, {Permission.ACCOUNTS, Permission.JUDGE}),
    ],
)
def test_what_a_role_never_may(role: Role, never: set[Permission]) -> None:
    assert not PERMISSIONS[role] & never


def test_no_role_may_nothing() -> None:
    assert permissions_of([]) == frozenset()
