from __future__ import annotations

import pytest

from promptguard.model import DataClass, Mark, Original
from promptguard.redaction.vault import MAX_MARKS_PER_SCOPE, MemoryVault


def originals(values: dict[str, str]) -> dict[str, Original]:
    return {placeholder: Original(text, DataClass.PERSONAL_DATA) for placeholder, text in values.items()}


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
    await vault.remember("one", originals({"[A_2]": "a", "[B_2]": "b"}))
    await vault.remember("one", originals({"[C_2]": "c"}))
    await vault.remember("two", originals({"[A_2]": "other"}))
    assert await vault.issued("one") == originals({"[A_2]": "a", "[B_2]": "b", "[C_2]": "c"})
    assert await vault.issued("two") == originals({"[A_2]": "other"})
    assert await vault.issued("three") == {}


async def test_what_was_given_out_does_not_change(vault: MemoryVault) -> None:
    await vault.remember("one", originals({"[A_2]": "a"}))
    issued = await vault.issued("one")
    await vault.remember("one", originals({"[B_2]": "b"}))
    assert issued == originals({"[A_2]": "a"})


async def test_a_placeholder_issued_again_lives_longer(vault: MemoryVault, clock: Clock) -> None:
    await vault.remember("one", originals({"[A_2]": "a", "[B_2]": "b"}))
    clock.now += 6
    await vault.remember("one", originals({"[A_2]": "a"}))
    clock.now += 6
    assert await vault.issued("one") == originals({"[A_2]": "a"})


async def test_expired_entries_are_gone_before_they_are_deleted(vault: MemoryVault, clock: Clock) -> None:
    await vault.remember("one", originals({"[A_2]": "a"}))
    await vault.remember_marks("one", Mark.BLOCKED, ["f"])
    clock.now += 10
    assert await vault.issued("one") == {}
    assert await vault.marked("one", Mark.BLOCKED, ["f"]) == {"f"}
    clock.now += 90
    assert await vault.marked("one", Mark.BLOCKED, ["f"]) == frozenset()


async def test_forgets_what_is_expired_and_nothing_else(vault: MemoryVault, clock: Clock) -> None:
    await vault.remember("old", originals({f"[A_{number}]": "a" for number in range(3)}))
    clock.now += 9
    await vault.remember("new", originals({"[B_2]": "b"}))
    clock.now += 2
    await vault.forget_expired()
    # The three places are free again: nothing has to make room.
    await vault.remember("newer", originals({f"[C_{number}]": "c" for number in range(3)}))
    assert await vault.issued("new") == originals({"[B_2]": "b"})
    assert len(await vault.issued("newer")) == 3


async def test_the_least_recently_used_scope_makes_room(vault: MemoryVault) -> None:
    await vault.remember("one", originals({"[A_2]": "a", "[A_3]": "a"}))
    await vault.remember("two", originals({"[B_2]": "b", "[B_3]": "b"}))
    await vault.issued("one")
    await vault.remember("three", originals({"[C_2]": "c"}))
    assert set(await vault.issued("one")) == {"[A_2]", "[A_3]"}
    assert await vault.issued("two") == {}


async def test_a_scope_too_large_forgets_its_oldest(vault: MemoryVault) -> None:
    await vault.remember("one", originals({f"[A_{number}]": "a" for number in range(6)}))
    assert set(await vault.issued("one")) == {f"[A_{number}]" for number in range(2, 6)}


async def test_marks_by_scope(vault: MemoryVault) -> None:
    await vault.remember_marks("one", Mark.BLOCKED, ["f", "g"])
    await vault.remember_marks("one", Mark.BLOCKED, [])
    await vault.remember_marks("two", Mark.BLOCKED, ["h"])
    assert await vault.marked("one", Mark.BLOCKED, ["f", "g", "h"]) == {"f", "g"}
    assert await vault.marked("one", Mark.BLOCKED, ["g"]) == {"g"}
    assert await vault.marked("two", Mark.BLOCKED, {"h"}) == {"h"}
    assert await vault.marked("three", Mark.BLOCKED, {"h"}) == frozenset()
    assert await vault.issued("one") == {}


@pytest.mark.parametrize("mark", Mark)
async def test_a_mark_is_not_another(vault: MemoryVault, mark: Mark) -> None:
    await vault.remember_marks("one", mark, ["f"])
    assert [other for other in Mark if await vault.marked("one", other, ["f"])] == [mark]


@pytest.mark.parametrize(
    ("mark", "lifetime"),
    [(Mark.BLOCKED, 100), (Mark.REFUSED, 100), (Mark.SEALED, 30 * 86400), (Mark.ANSWERED, 30 * 86400)],
)
async def test_lifetimes_of_marks(vault: MemoryVault, clock: Clock, mark: Mark, lifetime: float) -> None:
    await vault.remember_marks("one", mark, ["f"])
    clock.now += lifetime - 1
    assert await vault.marked("one", mark, ["f"]) == {"f"}
    clock.now += 1
    assert await vault.marked("one", mark, ["f"]) == frozenset()


async def test_a_scope_with_too_many_marks_forgets_the_first() -> None:
    vault = MemoryVault()
    hashes = [f"{number:x}" for number in range(MAX_MARKS_PER_SCOPE + 2)]
    await vault.remember_marks("one", Mark.ANSWERED, hashes[:1])
    await vault.remember_marks("one", Mark.ANSWERED, hashes[1:])
    assert await vault.marked("one", Mark.ANSWERED, hashes) == frozenset(hashes[2:])


def test_needs_room() -> None:
    with pytest.raises(ValueError, match="capacity"):
        MemoryVault(capacity=0)
