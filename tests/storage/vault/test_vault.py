import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from tests.storage.grounds import Ground

from promptguard.errors import StorageError
from promptguard.model import DataClass, Mark, Original
from promptguard.redaction.vault import BLOCKED_LIFETIME
from promptguard.storage.vault import rows as rows_module
from promptguard.storage.vault import vault as vault_module
from promptguard.storage.vault.lookups import MAX_LOOKED_UP
from promptguard.storage.vault.vault import DatabaseVault

KEY = bytes(range(32))
HOUR = 3600.0
SCOPE = "p_alice|openai"


def originals(values: dict[str, str], data_class: DataClass = DataClass.PERSONAL_DATA) -> dict[str, Original]:
    return {placeholder: Original(text, data_class) for placeholder, text in values.items()}


VALUES = originals({f"[EMAIL_ADDRESS_{index:08d}]": f"planted.{index}" + "@example.org" for index in range(50)})


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(ground: Ground) -> Iterator[Any]:
    database = ground.open()
    yield database
    database.close()


@pytest.fixture
def open_vault(ground: Ground, database: Any, clock: Clock) -> Iterator[Callable[..., DatabaseVault]]:
    """Makes vaults on one database, as processes do one after the other."""
    opened: list[DatabaseVault] = []

    def make(**options: object) -> DatabaseVault:
        opened.append(ground.vault(database, KEY, clock=clock, **options))
        return opened[-1]

    yield make
    for vault in opened:
        vault.close()


@contextmanager
def statements(ground: Ground, database: Any) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(ground.engine(database), "before_cursor_execute", note)
    yield sent
    event.remove(ground.engine(database), "before_cursor_execute", note)


async def test_what_was_issued_is_known(open_vault: Callable[..., DatabaseVault]) -> None:
    vault = open_vault()
    assert await vault.issued(SCOPE) == {}
    await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    await vault.remember(SCOPE, originals({"[A_2]": "two"}))
    assert await vault.issued(SCOPE) == originals({"[A_1]": "one", "[A_2]": "two"})
    assert await vault.issued("another") == {}


async def test_survives_the_process(open_vault: Callable[..., DatabaseVault]) -> None:
    first = open_vault()
    await first.remember(SCOPE, VALUES)
    await first.remember_marks(SCOPE, Mark.BLOCKED, ["f1", "f2"])
    second = open_vault()
    assert await second.issued(SCOPE) == VALUES
    assert await second.marked(SCOPE, Mark.BLOCKED, ["f1", "f2", "f3"]) == {"f1", "f2"}


@pytest.mark.parametrize("original", ["", "ünï", "a\x00b", "\ud83d lone", "x" * 100_000, "line\nline"])
async def test_originals_come_back_exactly(open_vault: Callable[..., DatabaseVault], original: str) -> None:
    await open_vault().remember(SCOPE, originals({"[A_1]": original}))
    assert await open_vault().issued(SCOPE) == originals({"[A_1]": original})


async def test_the_database_holds_neither_originals_nor_scopes(
    open_vault: Callable[..., DatabaseVault], ground: Ground
) -> None:
    vault = open_vault()
    await vault.remember(SCOPE, VALUES)
    await vault.remember_marks(SCOPE, Mark.BLOCKED, ["fingerprint"])
    content = ground.content()
    assert b"[EMAIL_ADDRESS_00000001]" in content  # the search would find something
    assert not [
        value for value in (*(original.text for original in VALUES.values()), SCOPE) if value.encode() in content
    ]


async def test_other_key_is_refused(open_vault: Callable[..., DatabaseVault], ground: Ground, database: Any) -> None:
    await open_vault().remember(SCOPE, VALUES)
    with pytest.raises(StorageError, match="another master key"):
        ground.vault(database, bytes(32))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE vault_entry SET placeholder = '[A_9]' WHERE placeholder = '[A_1]'",
        "UPDATE vault_entry SET scope = substr(scope, 2) || ZERO WHERE placeholder = '[B_1]'",
        "UPDATE vault_entry SET ciphertext = substr(ciphertext, 2) || ZERO WHERE placeholder = '[A_1]'",
        "UPDATE vault_entry SET data_class = 'source_code' WHERE placeholder = '[A_1]'",
        "UPDATE vault_entry SET data_class = NULL WHERE placeholder = '[A_1]'",
        "UPDATE vault_entry SET ciphertext = (SELECT ciphertext FROM vault_entry WHERE placeholder = '[A_2]'),"
        " nonce = (SELECT nonce FROM vault_entry WHERE placeholder = '[A_2]') WHERE placeholder = '[A_1]'",
    ],
)
async def test_changed_rows_restore_nothing_wrong(
    open_vault: Callable[..., DatabaseVault], ground: Ground, tampering: str
) -> None:
    await open_vault().remember(SCOPE, originals({"[A_1]": "one", "[A_2]": "two", "[B_1]": "three"}))
    assert ground.execute(f"{tampering.replace('ZERO', ground.zero)} RETURNING 1") == [(1,)]
    vault = open_vault()
    if "SET scope" in tampering:
        assert "[B_1]" not in await vault.issued(SCOPE)
        return
    with pytest.raises(StorageError, match="changed"):
        await vault.issued(SCOPE)


async def test_lifetimes(open_vault: Callable[..., DatabaseVault], clock: Clock) -> None:
    vault = open_vault(placeholder_lifetime=24 * HOUR, blocked_lifetime=240 * HOUR)
    await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    await vault.remember_marks(SCOPE, Mark.BLOCKED, ["f1"])
    clock.now += 24 * HOUR - 1
    assert await vault.issued(SCOPE) == originals({"[A_1]": "one"})
    clock.now += HOUR + 2
    assert await vault.issued(SCOPE) == {}
    assert await open_vault().issued(SCOPE) == {}
    assert await vault.marked(SCOPE, Mark.BLOCKED, ["f1"]) == {"f1"}
    clock.now += 226 * HOUR
    assert await vault.marked(SCOPE, Mark.BLOCKED, ["f1"]) == frozenset()
    assert await open_vault().marked(SCOPE, Mark.BLOCKED, ["f1"]) == frozenset()


async def test_issuing_again_starts_the_lifetime_anew(open_vault: Callable[..., DatabaseVault], clock: Clock) -> None:
    vault = open_vault(placeholder_lifetime=24 * HOUR)
    await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    clock.now += 0.9 * HOUR  # within the slack that spares a write
    await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    clock.now += 24 * HOUR - 1
    assert await vault.issued(SCOPE) == originals({"[A_1]": "one"})
    await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    clock.now += 24 * HOUR - 1
    assert await vault.issued(SCOPE) == originals({"[A_1]": "one"})
    assert await open_vault().issued(SCOPE) == originals({"[A_1]": "one"})


async def test_what_is_in_memory_needs_no_io(
    open_vault: Callable[..., DatabaseVault], ground: Ground, database: Any
) -> None:
    vault = open_vault()
    await vault.remember(SCOPE, VALUES)
    await vault.remember_marks(SCOPE, Mark.BLOCKED, ["f1"])
    await vault.issued("unknown")
    assert await vault.blocked(SCOPE) == {"f1"}
    with statements(ground, database) as sent:
        assert await vault.issued(SCOPE) == VALUES
        assert await vault.blocked(SCOPE) == {"f1"}
        assert await vault.marked(SCOPE, Mark.BLOCKED, ["f1"]) == {"f1"}
        assert await vault.issued("unknown") == {}
        await vault.remember(SCOPE, VALUES)
        await vault.remember_marks(SCOPE, Mark.BLOCKED, ["f1"])
        await vault.remember(SCOPE, {})
    assert sent == []


async def test_what_is_blocked_is_known_to_others_at_once(
    open_vault: Callable[..., DatabaseVault], clock: Clock
) -> None:
    one, two = open_vault(blocked_lifetime=HOUR), open_vault(blocked_lifetime=HOUR)
    assert await two.blocked(SCOPE) == frozenset()
    await one.remember_marks(SCOPE, Mark.BLOCKED, ["f1", "f2"])
    await one.remember_marks(SCOPE, Mark.REFUSED, ["text"])
    assert await two.blocked(SCOPE) == await one.blocked(SCOPE) == {"f1", "f2"}
    assert await one.blocked("other") == frozenset()
    clock.now += 2 * HOUR
    assert await one.blocked(SCOPE) == frozenset()


async def test_memory_is_bounded(open_vault: Callable[..., DatabaseVault], ground: Ground, database: Any) -> None:
    vault = open_vault(cached_entries=20)
    for index in range(50):
        await vault.remember(f"scope {index}", originals({"[A_1]": str(index), "[A_2]": str(index)}))
    from_memory = 0
    for index in reversed(range(50)):
        with statements(ground, database) as sent:
            assert await vault.issued(f"scope {index}") == originals({"[A_1]": str(index), "[A_2]": str(index)})
        if sent:
            break
        from_memory += 1
    assert from_memory == 6  # of two entries each, and the scope itself counts as one


async def test_scope_pushed_out_of_memory_stays_whole(open_vault: Callable[..., DatabaseVault]) -> None:
    vault = open_vault(cached_entries=1)

    async def talk(scope: str) -> None:
        for index in range(10):
            await vault.remember(scope, originals({f"[A_{index}]": f"{scope} {index}"}))
            await vault.remember_marks(scope, Mark.BLOCKED, [f"f{index}"])

    scopes = [f"scope {index}" for index in range(8)]
    await asyncio.gather(*map(talk, scopes))
    for scope in scopes:
        assert await vault.issued(scope) == originals({f"[A_{index}]": f"{scope} {index}" for index in range(10)})
        assert await vault.marked(scope, Mark.BLOCKED, [f"f{index}" for index in range(11)]) == {
            f"f{index}" for index in range(10)
        }


async def test_mapping_is_the_callers_own(open_vault: Callable[..., DatabaseVault]) -> None:
    vault = open_vault()
    await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    before = await vault.issued(SCOPE)
    await vault.remember(SCOPE, originals({"[A_2]": "two"}))
    assert before == originals({"[A_1]": "one"})


async def test_more_rows_than_a_statement_takes(open_vault: Callable[..., DatabaseVault], clock: Clock) -> None:
    many = originals({f"[A_{index}]": str(index) for index in range(3_000)})
    vault = open_vault()
    await vault.remember(SCOPE, many)
    clock.now += 20 * HOUR
    await vault.remember(SCOPE, many)
    assert await open_vault().issued(SCOPE) == many


async def test_forget_expired(open_vault: Callable[..., DatabaseVault], clock: Clock, ground: Ground) -> None:
    vault = open_vault(placeholder_lifetime=HOUR, blocked_lifetime=10 * HOUR)
    await vault.remember("old", originals({"[OLD_1]": "one"}))
    await vault.remember_marks("old", Mark.BLOCKED, ["oldfingerprint"])
    clock.now += 2 * HOUR
    await vault.remember("new", originals({"[NEW_1]": "two"}))
    await vault.forget_expired()
    content = ground.content()
    assert b"[OLD_1]" not in content
    assert b"oldfingerprint" in content
    assert b"[NEW_1]" in content
    assert await vault.issued("new") == originals({"[NEW_1]": "two"})
    assert await vault.issued("old") == {}
    assert await vault.marked("old", Mark.BLOCKED, ["oldfingerprint"]) == {"oldfingerprint"}
    clock.now += 20 * HOUR
    await vault.forget_expired()
    assert b"oldfingerprint" not in ground.content()


async def test_failed_write_is_told_and_not_believed(open_vault: Callable[..., DatabaseVault], ground: Ground) -> None:
    vault = open_vault()
    ground.refuse_inserts("vault_entry")
    with pytest.raises(StorageError):
        await vault.remember(SCOPE, originals({"[A_1]": "one"}))
    assert await vault.issued(SCOPE) == {}


async def test_two_vaults_on_one_database(ground: Ground, database: Any, clock: Clock) -> None:
    other_database = ground.open()
    with (
        closing(ground.vault(database, KEY, clock=clock)) as one,
        closing(ground.vault(other_database, KEY, clock=clock)) as two,
    ):
        assert await one.issued(SCOPE) == {}
        assert await one.marked(SCOPE, Mark.BLOCKED, ["f1"]) == frozenset()
        await two.remember(SCOPE, originals({"[A_1]": "one"}))
        await two.remember_marks(SCOPE, Mark.BLOCKED, ["f1"])
        assert await one.issued(SCOPE) == originals({"[A_1]": "one"})
        assert await one.marked(SCOPE, Mark.BLOCKED, ["f1"]) == {"f1"}
        await asyncio.gather(
            one.remember(SCOPE, originals({"[A_2]": "two"})), two.remember(SCOPE, originals({"[A_3]": "three"}))
        )
        whole = originals({"[A_1]": "one", "[A_2]": "two", "[A_3]": "three"})
        assert await one.issued(SCOPE) == await two.issued(SCOPE) == whole
        with statements(ground, database) as sent, statements(ground, other_database) as sent_too:
            assert await one.issued(SCOPE) == await two.issued(SCOPE) == whole
        assert sent == sent_too == [], "what has not changed is not read again"
    other_database.close()


@pytest.mark.parametrize("asked", [1, MAX_LOOKED_UP, MAX_LOOKED_UP + 1, 600])
async def test_marks_are_found_however_many_are_asked_about(
    open_vault: Callable[..., DatabaseVault], ground: Ground, database: Any, clock: Clock, asked: int
) -> None:
    one, hashes = open_vault(), [f"{number:x}" for number in range(asked)]
    await one.remember_marks(SCOPE, Mark.REFUSED, hashes[::2])
    await one.remember_marks("other", Mark.REFUSED, hashes)
    await one.remember_marks(SCOPE, Mark.BLOCKED, hashes)
    with statements(ground, database) as sent:
        assert await open_vault().marked(SCOPE, Mark.REFUSED, hashes) == set(hashes[::2])
    assert (asked <= MAX_LOOKED_UP and ground.looks_up) == (not any("vault_mark" in statement for statement in sent))
    clock.now += 2 * BLOCKED_LIFETIME
    assert await open_vault().marked(SCOPE, Mark.REFUSED, hashes) == frozenset()


async def test_a_scope_forgotten_and_begun_anew(clock: Clock, open_vault: Callable[..., DatabaseVault]) -> None:
    one, two = open_vault(placeholder_lifetime=HOUR), open_vault(placeholder_lifetime=HOUR)
    await one.remember(SCOPE, originals({"[A_1]": "one"}))
    await two.issued(SCOPE)
    clock.now += 2 * HOUR
    await one.forget_expired()
    await one.remember(SCOPE, originals({"[A_2]": "two"}))
    assert await two.issued(SCOPE) == originals({"[A_2]": "two"})


async def test_too_many_marks(
    open_vault: Callable[..., DatabaseVault], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 1600
    for module in (rows_module, vault_module):
        monkeypatch.setattr(module, "MAX_MARKS_PER_SCOPE", limit)
    monkeypatch.setattr(rows_module, "_MARKS_KEPT", limit * 15 // 16)
    monkeypatch.setattr(rows_module, "_PARAMETERS", 50)  # room is made in several statements
    vault = open_vault()
    hashes = [f"{number:x}" for number in range(limit + 1)]
    await vault.remember_marks(SCOPE, Mark.ANSWERED, hashes[:10])
    await vault.remember_marks(SCOPE, Mark.SEALED, hashes[:10])
    await vault.flush()
    clock.now += HOUR
    await vault.remember_marks(SCOPE, Mark.ANSWERED, hashes[10:])
    await vault.flush()
    fresh = open_vault()
    kept = await fresh.marked(SCOPE, Mark.ANSWERED, hashes)
    assert limit * 0.9 < len(kept) <= limit
    assert not kept & set(hashes[:10])
    assert await fresh.marked(SCOPE, Mark.SEALED, hashes[:20]) == set(hashes[:10])


async def test_data_classes_are_kept(open_vault: Callable[..., DatabaseVault]) -> None:
    issued = {f"[A_{number}]": Original("x", data_class) for number, data_class in enumerate(DataClass)}
    await open_vault().remember(SCOPE, issued)
    assert await open_vault().issued(SCOPE) == issued


async def test_equal_originals_look_different(open_vault: Callable[..., DatabaseVault], ground: Ground) -> None:
    await open_vault().remember(SCOPE, originals({"[A_1]": "same", "[A_2]": "same"}))
    rows = ground.execute("SELECT nonce, ciphertext FROM vault_entry")
    assert len({nonce for nonce, _ in rows}) == len({ciphertext for _, ciphertext in rows}) == 2


@pytest.mark.parametrize("mark", [Mark.SEALED, Mark.ANSWERED])
async def test_what_was_learned_is_known_here_at_once_and_elsewhere_when_it_is_written(
    open_vault: Callable[..., DatabaseVault], mark: Mark
) -> None:
    one = open_vault()
    await one.remember_marks(SCOPE, mark, ["h"])
    assert await one.marked(SCOPE, mark, ["h", "i"]) == {"h"}
    await one.flush()
    assert await open_vault().marked(SCOPE, mark, ["h", "i"]) == {"h"}
    await one.remember_marks(SCOPE, mark, ["i"])
    one.close()
    assert await open_vault().marked(SCOPE, mark, ["h", "i"]) == {"h", "i"}
