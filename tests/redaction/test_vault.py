from __future__ import annotations

import pytest

from promptguard.redaction.vault import MemoryVault


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(clock: Clock) -> MemoryVault:
    return MemoryVault(capacity=4, placeholder_lifetime=10, blocked_lifetime=100, clock=clock)


async def test_remembers_by_scope(vault: MemoryVault) -> None:
    await vault.remember("one", {"[A_2]": "a", "[B_2]": "b"})
    await vault.remember("one", {"[C_2]": "c"})
    await vault.remember("two", {"[A_2]": "other"})
    assert await vault.issued("one") == {"[A_2]": "a", "[B_2]": "b", "[C_2]": "c"}
    assert await vault.issued("two") == {"[A_2]": "other"}
    assert await vault.issued("three") == {}


async def test_what_was_given_out_does_not_change(vault: MemoryVault) -> None:
    await vault.remember("one", {"[A_2]": "a"})
    issued = await vault.issued("one")
    await vault.remember("one", {"[B_2]": "b"})
    assert issued == {"[A_2]": "a"}


async def test_a_placeholder_issued_again_lives_longer(vault: MemoryVault, clock: Clock) -> None:
    await vault.remember("one", {"[A_2]": "a", "[B_2]": "b"})
    clock.now += 6
    await vault.remember("one", {"[A_2]": "a"})
    clock.now += 6
    assert await vault.issued("one") == {"[A_2]": "a"}


async def test_expired_entries_are_gone_before_they_are_deleted(vault: MemoryVault, clock: Clock) -> None:
    await vault.remember("one", {"[A_2]": "a"})
    await vault.remember_blocked("one", ["f"])
    clock.now += 10
    assert await vault.issued("one") == {}
    assert await vault.blocked("one") == {"f"}
    clock.now += 90
    assert await vault.blocked("one") == frozenset()


async def test_forgets_what_is_expired_and_nothing_else(vault: MemoryVault, clock: Clock) -> None:
    await vault.remember("old", {f"[A_{number}]": "a" for number in range(3)})
    clock.now += 9
    await vault.remember("new", {"[B_2]": "b"})
    clock.now += 2
    await vault.forget_expired()
    # The three places are free again: nothing has to make room.
    await vault.remember("newer", {f"[C_{number}]": "c" for number in range(3)})
    assert await vault.issued("new") == {"[B_2]": "b"}
    assert len(await vault.issued("newer")) == 3


async def test_the_least_recently_used_scope_makes_room(vault: MemoryVault) -> None:
    await vault.remember("one", {"[A_2]": "a", "[A_3]": "a"})
    await vault.remember("two", {"[B_2]": "b", "[B_3]": "b"})
    await vault.issued("one")
    await vault.remember("three", {"[C_2]": "c"})
    assert set(await vault.issued("one")) == {"[A_2]", "[A_3]"}
    assert await vault.issued("two") == {}


async def test_a_scope_too_large_forgets_its_oldest(vault: MemoryVault) -> None:
    await vault.remember("one", {f"[A_{number}]": "a" for number in range(6)})
    assert set(await vault.issued("one")) == {f"[A_{number}]" for number in range(2, 6)}


async def test_blocked_fingerprints_by_scope(vault: MemoryVault) -> None:
    await vault.remember_blocked("one", ["f", "g"])
    await vault.remember_blocked("one", [])
    await vault.remember_blocked("two", ["h"])
    assert await vault.blocked("one") == {"f", "g"}
    assert await vault.blocked("two") == {"h"}
    assert await vault.issued("one") == {}


def test_needs_room() -> None:
    with pytest.raises(ValueError, match="capacity"):
        MemoryVault(capacity=0)
