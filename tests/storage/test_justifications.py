from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from promptguard.policy.justifications import (
    MAX_MISSES,
    MAX_WAITING,
    Held,
    Justification,
    JustificationState,
    NotGiven,
    granted,
)
from promptguard.policy.justifying import GrantScope, Justifications
from promptguard.storage.justifications import DatabaseJustifications
from promptguard.storage.tables import justification

KEY = bytes(range(32))
NOW = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-01T09:40:00.000Z"
HELD = Justification(
    "j-1",
    "pg-1",
    "s1",
    "openai-api",
    Held(frozenset({"f1", "f2"}), frozenset({"why"}), "c1"),
    NOW,
    code="h1",
    code_expires=LATER,
    text=b"\0sealed",
)
GIVEN = replace(granted(HELD, Justifications(), GrantScope.FINDING, NOW), reason="Because she asked", given_by="code")


@pytest.fixture
def store(installation: Any) -> DatabaseJustifications:
    return DatabaseJustifications(installation.database, KEY)


def test_from_being_held_to_being_given(store: DatabaseJustifications, installation: Any) -> None:
    store.hold(HELD)
    store.hold(replace(HELD, id="j-2", decision_id="pg-2", scope="s2"))
    assert store.of_scope("s1") == [HELD]
    assert store.of_decision("pg-1") == HELD and store.of_decision("pg-3") is None
    assert store.all() == []
    store.give(GIVEN, by_code=True)
    assert store.all() == store.of_scope("s1") == [GIVEN]
    with installation.database.reading() as connection:
        assert b"Because" not in repr(connection.execute(justification.select()).all()).encode()


@pytest.mark.parametrize(
    ("given", "by_code", "possible"),
    [
        (GIVEN, True, True),
        (GIVEN, False, True),
        (replace(GIVEN, given=LATER), True, False),
        (replace(GIVEN, given=LATER), False, True),
        (replace(GIVEN, id="j-9"), False, False),
    ],
)
def test_when_a_reason_can_be_given(
    store: DatabaseJustifications, given: Justification, by_code: bool, possible: bool
) -> None:
    store.hold(HELD)
    if possible:
        store.give(given, by_code=by_code)
    else:
        with pytest.raises(NotGiven):
            store.give(given, by_code=by_code)
    assert [each.state for each in store.all()] == [JustificationState.GIVEN] * possible
    with pytest.raises(NotGiven):  # once
        store.give(given, by_code=by_code) if possible else store.give(replace(given, id="j-9"), by_code=False)


def test_what_waits_in_vain_does_not_pile_up(store: DatabaseJustifications) -> None:
    store.hold(replace(HELD, id="j-0"))
    store.give(replace(GIVEN, id="j-0"), by_code=True)
    store.hold(replace(HELD, id="j-other", scope="s2"))
    for number in range(MAX_WAITING + 5):
        store.hold(replace(HELD, id=f"j-{number:03}", decision_id=f"pg-{number:03}"))
    assert [each.id for each in store.all()] == ["j-0"]
    assert [each.id for each in store.of_scope("s2")] == ["j-other"]
    waiting = {each.id for each in store.of_scope("s1")} - {"j-0"}
    assert waiting == {f"j-{number:03}" for number in range(5, MAX_WAITING + 5)}
    assert store.of_decision("pg-004") is None and store.of_decision("pg-005")


def test_after_some_wrong_codes_none_holds(store: DatabaseJustifications) -> None:
    store.hold(HELD)
    store.hold(replace(HELD, id="j-2", scope="s2"))
    assert store.miss("s3", NOW) == store.miss("s1", LATER) == 0
    assert [store.miss("s1", NOW) for _ in range(MAX_MISSES + 1)] == [1] * MAX_MISSES + [0]
    (mine,) = store.of_scope("s1")
    assert not mine.waits(NOW, by_code=True) and mine.waits(NOW, by_code=False)
    assert (mine.code, mine.text) == ("", b"")
    (other,) = store.of_scope("s2")
    assert other.waits(NOW, by_code=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"until": "2030-01-01T00:00:00.000Z"},
        {"held": '{"fingerprints": ["f9"], "rules": [], "conversation": ""}'},
        {"held": "no JSON"},
        {"state": "forgotten"},
        {"scope": "s1", "misses": 4},
        {"reason": b"nothing that was sealed here"},
    ],
)
def test_what_was_changed_in_the_database_lets_nothing_pass(
    store: DatabaseJustifications, installation: Any, changed: dict[str, Any]
) -> None:
    store.hold(HELD)
    store.give(GIVEN, by_code=True)
    with installation.database.writing() as connection:
        connection.execute(update(justification).values(**changed))
    (one,) = store.of_scope("s1")
    assert not one.genuine
    assert not one.holds(NOW) and not one.waits(NOW, by_code=False)


def test_a_seal_of_another_type_is_none(store: DatabaseJustifications, installation: Any) -> None:
    store.hold(HELD)
    with installation.database.writing() as connection:
        connection.exec_driver_sql("UPDATE justification SET mac = 'none'")
    assert [each.genuine for each in store.of_scope("s1")] == [False]


def test_what_is_over_is_forgotten(store: DatabaseJustifications) -> None:
    store.hold(HELD)
    store.give(GIVEN, by_code=True)
    store.hold(replace(HELD, id="j-2", decision_id="pg-2"))
    assert store.forget("2026-03-01", held_before=NOW) == 0
    assert store.forget("2026-03-02", held_before=LATER) == 1
    assert [each.id for each in store.of_scope("s1")] == ["j-1"]
    assert store.forget("2026-03-03", held_before=LATER) == 1
