from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from promptguard.authentication.accounts import Account
from promptguard.authentication.devices import DeviceUsers, issue
from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.keys import SealingCipher

KEY = bytes(32)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_device_signs_in_until_its_day() -> None:
    clock = Clock()
    users = DeviceUsers(KEY, DeviceRevocations, now=clock)
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
    users = DeviceUsers(KEY, DeviceRevocations)
    made = issue(KEY, "anna", 2e9, ["support", "it", "it"])
    found = users.remembered(made.id, made.password)
    assert isinstance(found, SignedIn) and found.groups == {"it", "support"}
    assert await users.renewed(found) == found
    with pytest.raises(ValueError, match="too many groups"):
        issue(KEY, "anna", 2e9, [f"group-{number:04}" for number in range(200)])


@pytest.mark.parametrize("change", ["id", "letter", "key", "nothing", "noise", "other letters"])
def test_what_was_not_made_here_is_refused(change: str) -> None:
    made, other = issue(KEY, "anna", 2e9), issue(KEY, "eve", 2e9)
    users = DeviceUsers(b"x" * 32 if change == "key" else KEY, DeviceRevocations)
    password = {
        "letter": ("B" if made.password[0] == "A" else "A") + made.password[1:],
        "nothing": "",
        "noise": "A" * 80,
        "other letters": "zoë" + made.password,
    }.get(change, made.password)
    assert users.remembered(other.id if change == "id" else made.id, password) is WRONG


@pytest.mark.parametrize(
    ("devices", "before", "holds"),
    [
        ([], {}, True),
        (["own"], {}, False),
        (["dev-0123456789ab"], {}, True),
        ([], {"anna": 1001.0}, False),
        ([], {"anna": 1000.0}, True),
        ([], {"zoe": 2000.0}, True),
    ],
)
async def test_what_is_revoked_counts_no_more(devices: list[str], before: dict[str, float], holds: bool) -> None:
    revoked = DeviceRevocations()
    users = DeviceUsers(KEY, lambda: revoked)
    made = issue(KEY, "Anna", 2e9, made=1000.0)
    found = users.remembered(made.id, made.password)
    assert isinstance(found, SignedIn)
    revoked = DeviceRevocations(frozenset(made.id if each == "own" else each for each in devices), before)
    assert isinstance(users.remembered(made.id, made.password), SignedIn) is holds
    assert isinstance(await users.renewed(found), SignedIn) is holds


def test_those_that_do_not_say_when_they_were_made_count_and_go_with_their_user() -> None:
    revoked = DeviceRevocations()
    users = DeviceUsers(KEY, lambda: revoked)
    id = "dev-0123456789ab"
    password = urlsafe_b64encode(SealingCipher(KEY).seal(b'["anna",2e9]', id.encode())).decode()
    assert isinstance(users.remembered(id, password), SignedIn)
    revoked = DeviceRevocations(before={"anna": 1.0})
    assert users.remembered(id, password) is WRONG


class Table:
    """A directory that knows one user, for a while."""

    known = True

    def signed_in(self, user: str, password: str, before: object) -> Account | None:
        raise AssertionError

    def account(self, user: str) -> Account | None:
        return Account("anna", "CN=Anna", frozenset({"it"})) if user == "anna" and self.known else None


async def test_groups_come_from_a_directory_and_who_has_left_it_has_left() -> None:
    clock, table = Clock(), Table()
    users = DeviceUsers(KEY, DeviceRevocations, DirectoryUsers(table, refresh=300, keep=0, now=clock), clock)
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
