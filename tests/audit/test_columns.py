"""All forms of a whole record have the same columns: those of one list, which has all that is recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson
import pyarrow.parquet
import pytest
from tests.samples.reviewing import event

from promptguard.audit.columns import ALLOWANCES, COLUMNS, FINDINGS, VERDICTS, Column
from promptguard.audit.forms import load_forms, written
from promptguard.audit.parquet import parquet
from promptguard.audit.record import canonical, parsed
from promptguard.model import Allowed, Event

VERDICT = {"verdict": "false_alarm", "by": "analyst", "comment": "a sample", "time": "2026-03-01T09:30:00.000Z"}
RECORD = {
    **parsed(canonical(event(found=["EMAIL_ADDRESS"], allowed=[Allowed(0, 6, 9, "ours")] * 2)).event),
    "chain": "1",
    "sequence": 1,
    "previous_hash": "0" * 64,
    "hash": "1" * 64,
    "verdicts": [VERDICT],
}
NAMES = [column.name for column in COLUMNS]


def line(form: str) -> str:
    return "".join(written([RECORD], load_forms()[form]))


def in_json() -> Mapping[str, Any]:
    members: Mapping[str, Any] = orjson.loads(line("jsonl"))
    return members


def in_csv() -> Mapping[str, str]:
    (row,) = csv.DictReader(io.StringIO(line("csv")))
    return row


def in_parquet() -> Mapping[str, Any]:
    (row,) = pyarrow.parquet.read_table(io.BytesIO(b"".join(parquet([RECORD])))).to_pylist()
    return dict(row)


@pytest.mark.parametrize("form", [in_json, in_csv, in_parquet])
def test_each_form_has_all_columns(form: Any) -> None:
    assert sorted(form()) == sorted(NAMES)


def test_nothing_that_is_recorded_is_missing() -> None:
    links = {"chain", "sequence", "previous_hash", "hash"}
    assert set(NAMES) == {field.name for field in fields(Event)} | links | {"verdicts"}


@pytest.mark.parametrize(("column", "of"), [("findings", FINDINGS), ("allowances", ALLOWANCES), ("verdicts", VERDICTS)])
def test_rows_have_all_columns_too(column: str, of: tuple[Column, ...]) -> None:
    for rows in (in_json()[column], in_parquet()[column]):
        assert [sorted(row) for row in rows] == [sorted(each.name for each in of)]


def test_what_is_in_them() -> None:
    for row in (in_json(), in_parquet()):
        assert row["allowances"] == [{"id": "ours", "count": 2}]
        assert row["verdicts"] == [VERDICT]
    assert in_csv()["allowances"] == "ours 2"
    assert in_csv()["verdicts"] == "false alarm, analyst, 2026-03-01T09:30:00.000Z: a sample"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("ocsf", '"allowances":[{"id":"ours","count":2}]'),
        ("ecs", '"allowances":[{"id":"ours","count":2}]'),
        ("cef", "PromptGuardAllowances=ours 2"),
    ],
)
def test_what_was_let_pass_reaches_a_siem(form: str, told: str) -> None:
    assert told in line(form)


def test_of_a_record_of_before_nothing_is_told_that_it_has_not() -> None:
    before = {name: value for name, value in RECORD.items() if name not in ("allowances", "verdicts")}
    for form in load_forms().values():
        assert "ours" not in "".join(written([before], form))
    (row,) = pyarrow.parquet.read_table(io.BytesIO(b"".join(parquet([before])))).to_pylist()
    assert (row["allowances"], row["verdicts"]) == ([], [])
