from __future__ import annotations

import pytest

from promptguard.authentication.accounts import Account
from promptguard.authentication.devices import DeviceUsers, issue
from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn

KEY = bytes(32)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_device_signs_in_until_its_day() -> None:
    clock = Clock()
    users = DeviceUsers(KEY, set, now=clock)
    made = issue(KEY, "anna", 2000.0)
    assert users.knows(made.id) and not users.knows("anna")
    found = users.remembered(made.id, made.password)
    assert isinstance(found, SignedIn) and (found.user, found.source) == ("anna", "device")
    assert await users.sign_in(made.id, made.password) == found == await users.renewed(found)
    assert made.password not in repr(found) + repr(made) and made.password.replace("-", "").replace("_", "").isalnum()
    clock.now = 2000.0
    assert users.remembered(made.id, made.password) is WRONG
    assert await users.renewed(found) is WRONG


async def test_groups_are_those_of_the_sign_in() -> None:
    users = DeviceUsers(KEY, set)
    made = issue(KEY, "anna", 2e9, ["support", "it", "it"])
    found = users.remembered(made.id, made.password)
    assert isinstance(found, SignedIn) and found.groups == {"it", "support"}
    assert await users.renewed(found) == found
    with pytest.raises(ValueError, match="too many groups"):
        issue(KEY, "anna", 2e9, [f"group-{number:04}" for number in range(200)])


@pytest.mark.parametrize("change", ["id", "letter", "key", "nothing", "noise", "other letters"])
def test_what_was_not_made_here_is_refused(change: str) -> None:
    made, other = issue(KEY, "anna", 2e9), issue(KEY, "eve", 2e9)
    users = DeviceUsers(b"x" * 32 if change == "key" else KEY, set)
    password = {
        "letter": ("B" if made.password[0] == "A" else "A") + made.password[1:],
        "nothing": "",
        "noise": "A" * 80,
        "other letters": "zoë" + made.password,
    }.get(change, made.password)
    assert users.remembered(other.id if change == "id" else made.id, password) is WRONG


async def test_what_is_revoked_counts_no_more() -> None:
    revoked: set[str] = set()
    users = DeviceUsers(KEY, lambda: revoked)
    made = issue(KEY, "anna", 2e9)
    found = users.remembered(made.id, made.password)
    assert isinstance(found, SignedIn)
    revoked.add(made.id)
    assert users.remembered(made.id, made.password) is WRONG
    assert await users.renewed(found) is WRONG


class Table:
    """A directory that knows one user, for a while."""

    known = True

    def signed_in(self, user: str, password: str) -> Account | None:
        raise AssertionError

    def account(self, user: str) -> Account | None:
        return Account("anna", "CN=Anna", frozenset({"it"})) if user == "anna" and self.known else None


async def test_groups_come_from_a_directory_and_who_has_left_it_has_left() -> None:
    clock, table = Clock(), Table()
    users = DeviceUsers(KEY, set, DirectoryUsers(table, refresh=300, keep=0, now=clock), clock)
    made = issue(KEY, "anna", 5000.0, ["of then"])
    assert users.remembered(made.id, made.password) is None
    found = await users.sign_in(made.id, made.password)
    assert isinstance(found, SignedIn) and (found.source, found.groups) == ("device", {"it"})
    assert await users.renewed(found) == found
    stranger = issue(KEY, "zoe", 5000.0)
    assert await users.sign_in(stranger.id, stranger.password) is WRONG
    table.known = False
    clock.now += 300
    assert await users.renewed(found) is WRONG
