from __future__ import annotations

import asyncio

import pytest

from promptguard.authentication.attempts import FREE, Attempts
from promptguard.authentication.authenticator import Authenticator
from promptguard.authentication.interface import WRONG, SignedIn, Tickets, Unanswered, Users, Wrong
from promptguard.reasons import Code


class Table(Users):
    """Users with their passwords; what it was asked is kept."""

    def __init__(self, passwords: dict[str, str], *, away: bool = False) -> None:
        self.passwords = passwords
        self.away = away
        self.asked: list[str] = []
        self.kept: dict[tuple[str, str], SignedIn | Wrong] = {}
        self.closed = False

    def knows(self, user: str) -> bool:
        return user in self.passwords

    def remembered(self, user: str, password: str) -> SignedIn | Wrong | None:
        return self.kept.get((user, password))

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        self.asked.append(password)
        if self.away:
            raise Unanswered(Code.SIGN_IN_UNANSWERED)
        found = SignedIn(user, "table", self) if self.passwords[user] == password else WRONG
        self.kept[user, password] = found
        return found

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        if self.away:
            raise Unanswered(Code.SIGN_IN_UNANSWERED)
        return before

    def close(self) -> None:
        self.closed = True


def still() -> Attempts:
    return Attempts(lambda: 0.0)


async def test_the_first_that_knows_a_user_is_asked() -> None:
    first, second = Table({"ada": "1"}), Table({"ada": "2", "bob": "2"})
    door = Authenticator((first, second), still())
    assert await door.sign_in("192.0.2.1", "ada", "2") is WRONG
    found = await door.sign_in("192.0.2.1", "bob", "2")
    assert isinstance(found, SignedIn) and found.users is second
    assert await door.sign_in("192.0.2.1", "eve", "2") is WRONG
    assert (door.asks, Authenticator().asks, door.refused) == (True, False, 2)


async def test_whoever_guesses_waits_and_whoever_is_known_does_not() -> None:
    table = Table({"ada": "right"})
    door = Authenticator((table,), still())
    assert isinstance(await door.sign_in("192.0.2.1", "ada", "right"), SignedIn)
    for number in range(FREE):
        assert await door.sign_in("192.0.2.1", "ada", f"guess {number}") is WRONG
    with pytest.raises(Unanswered, match="held_off seconds=1"):
        await door.sign_in("192.0.2.1", "ada", "another")
    assert "another" not in table.asked
    assert isinstance(await door.sign_in("192.0.2.1", "ada", "right"), SignedIn)
    assert await door.sign_in("192.0.2.2", "ada", "another") is WRONG
    assert (door.refused, door.held_off) == (FREE + 1, 1)


async def test_the_same_wrong_password_again_is_no_guess() -> None:
    table = Table({"ada": "right"})
    door = Authenticator((table,), still())
    for _ in range(FREE * 3):
        assert await door.sign_in("192.0.2.1", "ada", "last month's") is WRONG
    assert len(table.asked) == 1
    assert await door.sign_in("192.0.2.1", "ada", "other") is WRONG


async def test_what_cannot_be_told_is_neither_right_nor_a_guess() -> None:
    table = Table({"ada": "right"}, away=True)
    door = Authenticator((table,), still())
    for number in range(FREE * 2):
        with pytest.raises(Unanswered, match=r"sign_in\.unanswered"):
            await door.sign_in("192.0.2.1", "ada", str(number))
    assert (door.unanswered, door.refused, door.held_off) == (FREE * 2, 0, 0)


async def test_those_of_another_configuration_sign_in_again() -> None:
    before, after = Table({"ada": "1"}), Table({"ada": "1"})
    door = Authenticator((before,), still())
    found = await door.sign_in("192.0.2.1", "ada", "1")
    assert isinstance(found, SignedIn)
    assert await door.renewed(found) is found
    door.replace((after,))
    assert before.closed
    assert await door.renewed(found) is WRONG


async def test_many_connections_ask_once() -> None:
    table = Table({"ada": "right"})
    door = Authenticator((table,), still())
    answers = await asyncio.gather(*(door.sign_in("192.0.2.1", "ada", "wrong") for _ in range(20)))
    assert answers == [WRONG] * 20
    assert (table.asked, door.refused) == (["wrong"], 1)


class Slow(Table):
    """Answers once all who ask have asked."""

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        for _ in range(10):
            await asyncio.sleep(0)
        return await super().sign_in(user, password)


async def test_guesses_at_once_are_no_more_than_one_after_the_other() -> None:
    table = Slow({"ada": "right"})
    door = Authenticator((table,), still())
    guesses = (door.sign_in("192.0.2.1", "ada", f"guess {number}") for number in range(200))
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert answers.count(WRONG) == len(table.asked) == FREE
    assert sum(isinstance(each, Unanswered) for each in answers) == door.held_off == 200 - FREE


async def test_many_who_are_right_come_in_at_once_from_one_address() -> None:
    table = Slow({f"user {number}": "right" for number in range(5 * FREE)})
    door = Authenticator((table,), still())
    answers = await asyncio.gather(*(door.sign_in("192.0.2.1", user, "right") for user in table.passwords))
    assert all(isinstance(each, SignedIn) for each in answers)
    assert not door._attempts._trying


class OfTable(Tickets):
    """Takes any ticket that names a user of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    async def accepted(self, token: bytes) -> SignedIn | Wrong:
        if token == b"away":
            raise Unanswered(Code.SIGN_IN_UNANSWERED)
        return SignedIn(token.decode(), "tickets", self) if token.decode() in self.table.passwords else WRONG

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        return before


async def test_tickets() -> None:
    table = Table({"ada": ""})
    door = Authenticator((table,), still())
    assert not door.takes_tickets and door.takes_passwords
    assert await door.accept(b"ada") is WRONG and door.refused == 0
    door.replace((table, OfTable(table)))
    assert door.takes_tickets and door.takes_passwords
    found = await door.accept(b"ada")
    assert isinstance(found, SignedIn) and await door.renewed(found) is found
    assert await door.accept(b"bob") is WRONG
    with pytest.raises(Unanswered):
        await door.accept(b"away")
    assert (door.refused, door.unanswered) == (1, 1)
    door.replace((OfTable(table),))
    assert not door.takes_passwords and await door.sign_in("192.0.2.1", "ada", "") is WRONG
