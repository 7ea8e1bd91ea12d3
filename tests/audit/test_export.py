import json
from dataclasses import asdict
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
