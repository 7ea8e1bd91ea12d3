from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from promptguard.policy.acknowledgements import Acknowledgement
from promptguard.storage.acknowledgements import DatabaseAcknowledgements
from promptguard.storage.tables import acknowledgement

GIVEN = Acknowledgement(
    "a1", "p_1", "employee", "ai-policy", "2", "s2", "2026-03-01T09:30:00.000Z", "pg-1", "openai_chat"
)
LATER = replace(GIVEN, id="a2", time="2026-04-01T09:30:00.000Z")


@pytest.fixture
def store(installation: Any) -> DatabaseAcknowledgements:
    kept = DatabaseAcknowledgements(installation.database, bytes(range(32)))
    for each in (GIVEN, LATER, replace(GIVEN, id="a3", pseudonym="p_2")):
        kept.add(each)
    return kept


def test_they_are_kept_the_latest_first_and_deleted_by_age(store: DatabaseAcknowledgements) -> None:
    assert store.of_person("p_1") == [LATER, GIVEN] and store.of_person("p_3") == []
    assert [each.id for each in store.all()] == ["a2", "a1", "a3"]
    assert store.forget("2026-03-02") == 2
    assert store.all() == [LATER]


def test_a_seal_of_another_type_is_none(store: DatabaseAcknowledgements, installation: Any) -> None:
    with installation.database.writing() as connection:
        connection.exec_driver_sql("UPDATE acknowledgement SET mac = 'none' WHERE id = 'a1'")
    assert {each.id for each in store.all() if not each.genuine} == {"a1"}


@pytest.mark.parametrize("changed", [{"time": "2026-12-01T09:30:00.000Z"}, {"pseudonym": "p_9"}, {"version": "3"}])
def test_one_that_was_changed_in_the_database_counts_for_nothing(
    store: DatabaseAcknowledgements, installation: Any, changed: dict[str, str]
) -> None:
    with installation.database.writing() as connection:
        connection.execute(update(acknowledgement).where(acknowledgement.c.id == "a1").values(**changed))
    assert {each.id: each.genuine for each in store.all()} == {"a1": False, "a2": True, "a3": True}


def test_somebody_is_reminded_once_a_day_by_whichever_process(
    store: DatabaseAcknowledgements, installation: Any
) -> None:
    another = DatabaseAcknowledgements(installation.database, bytes(range(32)))
    asked = [("p_1", "2027-02-20"), ("p_2", "2027-02-20"), ("p_1", "2027-02-21"), ("p_3", "2027-02-21")]
    assert [(store.remind(*each), another.remind(*each)) for each in asked] == [
        (True, False), (True, False), (True, False), (False, False),
    ]  # fmt: skip
    assert all(each.genuine for each in store.all())
