import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from promptguard.audit.export import counts, export, lines, show
from promptguard.audit.interface import RecordDamaged
from promptguard.model import Action, Decision, Event


@pytest.fixture
def events(installation: Any, make_event: Callable[..., Event]) -> list[Event]:
    made = [
        replace(make_event(), time="2026-03-01T09:30:00.000Z"),
        replace(make_event(action=Action.REDACT, found=2), time="2026-03-01T09:30:01.000Z"),
        replace(make_event(action=Action.BLOCK, found=1), time="2026-03-01T09:30:02.000Z"),
    ]
    installation.fill(*made)
    return made


def test_export_is_plain_and_complete(installation: Any, events: list[Event]) -> None:
    exported = list(export(installation.store))
    for sequence, (plain, event) in enumerate(zip(exported, events, strict=True), start=1):
        assert (plain.pop("chain"), plain.pop("sequence")) == ("1", sequence)
        assert {"previous_hash", "hash"} <= set(plain)
        del plain["previous_hash"], plain["hash"]
        assert plain == json.loads(json.dumps(asdict(event)))


def test_chain_can_be_checked_from_an_export(installation: Any, events: list[Event]) -> None:
    """By anybody, with standard tools, without a key."""
    previous = bytes(32)
    for line in lines(export(installation.store), "jsonl"):
        event = json.loads(line)
        del event["chain"], event["sequence"]
        assert bytes.fromhex(event.pop("previous_hash")) == previous
        digest = bytes.fromhex(event.pop("hash"))
        written = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert sha256(previous + written).digest() == digest
        previous = digest


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


def test_csv(installation: Any, events: list[Event]) -> None:
    text = "".join(lines(export(installation.store), "csv"))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [event.id for event in events]
    assert [row["data_classes"] for row in rows] == ["", "personal_data 2", "personal_data 1"]
    assert rows[1]["entity_types"] == "EMAIL_ADDRESS 2"
    assert (rows[1]["sequence"], rows[1]["would"], rows[1]["body_bytes"]) == ("2", "", "120")


@pytest.mark.parametrize("reason", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_csv_holds_no_formulas(installation: Any, make_event: Callable[..., Event], reason: str) -> None:
    installation.fill(make_event(decision=Decision(Action.ALLOW, "rule", reason)))
    text = "".join(lines(export(installation.store), "csv"))
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reason"] == f"'{reason}"


def test_empty_export(installation: Any) -> None:
    assert list(lines(export(installation.store), "jsonl")) == []
    assert len(list(lines(export(installation.store), "csv"))) == 1


def test_unknown_format(installation: Any) -> None:
    with pytest.raises(ValueError, match="xml"):
        list(lines(export(installation.store), "xml"))


def test_show(installation: Any, events: list[Event]) -> None:
    written = events[1].id.lower().replace("-", " ")
    shown = show(installation.store, written)
    assert shown is not None
    assert (shown["id"], shown["sequence"]) == (events[1].id, 2)
    assert show(installation.store, "pg-0000") is None


def test_counts(make_event: Callable[..., Event]) -> None:
    findings = [{"data_class": "personal_data"}, {"data_class": "credentials"}, {"data_class": "personal_data"}]
    assert counts({"findings": findings}, "data_class") == "credentials 1, personal_data 2"
    assert counts({"findings": []}, "data_class") == ""


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
