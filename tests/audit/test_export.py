import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from promptguard.audit.export import export, show
from promptguard.audit.interface import RecordDamaged
from promptguard.model import Event


def test_export_is_plain_and_complete(installation: Any, events: list[Event]) -> None:
    exported = list(export(installation.store))
    for sequence, (plain, event) in enumerate(zip(exported, events, strict=True), start=1):
        assert (plain.pop("chain"), plain.pop("sequence")) == ("1", sequence)
        assert {"previous_hash", "hash"} <= set(plain)
        del plain["previous_hash"], plain["hash"]
        assert plain == json.loads(json.dumps(asdict(event)))


@pytest.mark.parametrize(
    ("conditions", "chosen"),
    [
        ({}, [0, 1, 2]),
        ({"only": ["block"]}, [2]),
        ({"only": ["block", "redact"]}, [1, 2]),
        ({"since": datetime(2026, 3, 1, 9, 30, 1, tzinfo=UTC)}, [1, 2]),
        ({"until": datetime(2026, 3, 1, 9, 30, 1, tzinfo=UTC)}, [0]),
        ({"since": datetime(2026, 3, 2, tzinfo=UTC)}, []),
    ],
)
def test_conditions(installation: Any, events: list[Event], conditions: dict[str, Any], chosen: list[int]) -> None:
    ids = [event["id"] for event in export(installation.store, **conditions)]
    assert ids == [events[index].id for index in chosen]


def test_show(installation: Any, events: list[Event]) -> None:
    written = events[1].id.lower().replace("-", " ")
    shown = show(installation.store, written)
    assert shown is not None
    assert (shown["id"], shown["sequence"]) == (events[1].id, 2)
    assert show(installation.store, "pg-0000") is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit_record SET event = x'7b' WHERE sequence = 2",
        "UPDATE audit_record SET event = 5 WHERE sequence = 2",
        "UPDATE audit_record SET hash = 'text' WHERE sequence = 2",
    ],
)
def test_damaged_record(installation: Any, events: list[Event], damage: str) -> None:
    with installation.database.writing() as connection:
        connection.exec_driver_sql(damage)
    exported = export(installation.store)
    next(exported)
    with pytest.raises(RecordDamaged, match="Record 2"):
        next(exported)
