from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

import pytest

from promptguard.authentication.account_guesses import AccountGuesses
from promptguard.authentication.accounts import Account, DirectoryAway
from promptguard.authentication.directory_users import AGAIN_SECONDS, DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn, Unanswered


class Table:
    """A directory with one user."""

    def __init__(self) -> None:
        self.groups: frozenset[str] | None = frozenset({"engineering"})
        self.away = False
        self.asked: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def signed_in(self, user: str, password: str, before: Callable[[str], None]) -> Account | None:
        before("CN=Anna")
        self.asked.append(password)
        account = self._account()
        return account if password == "right" else None

    def account(self, user: str) -> Account | None:
        self.asked.append("account")
        return self._account()

    def _account(self) -> Account | None:
        self.may_answer.wait(30)
        if self.away:
            raise DirectoryAway("ldaps://dc1.corp.example: no connection")
        return None if self.groups is None else Account("anna", "CN=Anna", self.groups)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(table: Table, clock: Clock) -> DirectoryUsers:
    return DirectoryUsers(table, refresh=300, keep=3600, now=clock)


async def test_answers_are_remembered_right_or_wrong(table: Table, clock: Clock, users: DirectoryUsers) -> None:
    assert users.knows("anybody") and not users.knows("")
    found = await users.sign_in("ANNA", "right")
    assert isinstance(found, SignedIn)
    assert (found.user, found.source, found.groups) == ("anna", "proxy_credentials", {"engineering"})
    assert await users.sign_in("ANNA", "wrong") is WRONG
    assert (users.remembered("ANNA", "right"), users.remembered("ANNA", "wrong")) == (found, WRONG)
    clock.now += 300
    assert (users.remembered("ANNA", "right"), users.remembered("ANNA", "wrong")) == (None, None)


async def test_groups_are_followed_on_open_connections(table: Table, clock: Clock, users: DirectoryUsers) -> None:
    found = await users.sign_in("anna", "right")
    assert isinstance(found, SignedIn)
    table.groups = frozenset({"support"})
    again = await users.renewed(found)
    assert isinstance(again, SignedIn) and again.groups == {"engineering"}
    clock.now += 300
    again = await users.renewed(found)
    assert isinstance(again, SignedIn) and again.groups == {"support"}
    table.groups = None
    clock.now += 300
    assert await users.renewed(found) is WRONG
    assert table.asked == ["right", "account", "account"]


async def test_many_requests_ask_once(table: Table, clock: Clock, users: DirectoryUsers) -> None:
    found = await users.sign_in("anna", "right")
    assert isinstance(found, SignedIn)
    clock.now += 300
    table.may_answer.clear()
    waiting = [asyncio.create_task(users.renewed(found)) for _ in range(5)]
    await asyncio.sleep(0)
    table.may_answer.set()
    assert await asyncio.gather(*waiting) == [found] * 5
    assert table.asked == ["right", "account"]


async def test_while_no_server_answers(
    table: Table, clock: Clock, users: DirectoryUsers, caplog: pytest.LogCaptureFixture
) -> None:
    found = await users.sign_in("anna", "right")
    assert isinstance(found, SignedIn)
    table.away = True
    clock.now += 300
    for _ in range(3):
        assert await users.renewed(found) == found
    assert table.asked.count("account") == 1
    assert users.problem == "ldaps://dc1.corp.example: no connection"
    with pytest.raises(Unanswered):
        await users.sign_in("ben", "x")
    assert users.remembered("ben", "x") is None
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    assert "anna" not in caplog.text and "ben" not in caplog.text
    clock.now += 3601
    with pytest.raises(Unanswered):
        await users.renewed(found)
    table.away = False
    clock.now += AGAIN_SECONDS
    assert await users.renewed(found) == found
    assert users.problem == ""


async def test_whoever_is_vouched_for_has_groups_too(table: Table, clock: Clock, users: DirectoryUsers) -> None:
    found = await users.vouched("anna", "kerberos")
    assert isinstance(found, SignedIn) and (found.source, found.groups) == ("kerberos", {"engineering"})
    clock.now += 300
    again = await users.renewed(found)
    assert isinstance(again, SignedIn) and again.source == "kerberos"
    table.groups = None
    assert await users.vouched("anna", "kerberos") is WRONG


async def test_once_closed_it_answers_nothing(users: DirectoryUsers) -> None:
    users.close()
    with pytest.raises(Unanswered):
        await users.sign_in("anna", "right")


async def test_whoever_waits_when_it_is_closed_is_answered(table: Table, users: DirectoryUsers) -> None:
    table.may_answer.clear()
    waiting = [asyncio.create_task(users.sign_in("anna", "right")) for _ in range(20)]  # more than are asked at once
    await asyncio.sleep(0)
    users.close()
    table.may_answer.set()
    assert all(isinstance(found, SignedIn) for found in await asyncio.gather(*waiting))


async def test_the_directory_is_asked_for_so_many_wrong_passwords(table: Table, clock: Clock) -> None:
    users = DirectoryUsers(table, refresh=300, keep=0, guesses=AccountGuesses(2, 1800, clock), now=clock)
    found = await users.sign_in("anna", "right", "10.0.0.1")
    for wrong in ("one", "two"):
        assert await users.sign_in("ANNA", wrong, "10.9.9.9") is WRONG
    for password in ("three", "right"):
        with pytest.raises(Unanswered, match="held_off seconds=1800"):
            await users.sign_in("anna", password, "10.9.9.9")
    assert users.remembered("anna", "three") is None
    assert await users.sign_in("anna", "right", "10.0.0.1") == found
    assert table.asked == ["right", "one", "two", "right"]
    table.away = True
    for _ in range(3):
        with pytest.raises(Unanswered, match="unanswered"):
            await users.sign_in("anna", "right", "10.0.0.1")
    table.away = False
    assert await users.sign_in("anna", "right", "10.0.0.1") == found
