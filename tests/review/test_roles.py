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
        (Role.CASE_OFFICER, set(Permission) - {Permission.INCIDENTS, Permission.EARLIER, Permission.LOOK_BACK}),
        (Role.UNMASK_REQUESTER, {Permission.ANSWER_RELEASE, Permission.DECISIONS, Permission.ACCOUNTS}),
        (Role.UNMASK_APPROVER, {Permission.ASK_RELEASE, Permission.DECISIONS, Permission.ACCOUNTS}),
    ],
)
def test_what_a_role_never_may(role: Role, never: set[Permission]) -> None:
    assert not PERMISSIONS[role] & never


def test_no_role_both_asks_for_evidence_and_approves() -> None:
    assert [role for role in Role if {Permission.ASK_RELEASE, Permission.ANSWER_RELEASE} <= PERMISSIONS[role]] == []


def test_case_officers_alone_look_back() -> None:
    assert [role for role in Role if Permission.LOOK_BACK in PERMISSIONS[role]] == [Role.CASE_OFFICER]


def test_no_role_may_nothing() -> None:
    assert permissions_of([]) == frozenset()
