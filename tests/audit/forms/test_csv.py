import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms, written
from promptguard.model import Action, Decision, Event


def test_csv(installation: Any, events: list[Event]) -> None:
    text = "".join(written(export(installation.store), load_forms()["csv"]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [event.id for event in events]
    counted = ["", "EMAIL_ADDRESS (personal_data) 2", "EMAIL_ADDRESS (personal_data) 1"]
    assert [row["findings"] for row in rows] == counted
    assert rows[1]["latency_ms"] == "read 0.1, scan 0.5"
    assert (rows[1]["sequence"], rows[1]["would"], rows[1]["body_bytes"]) == ("2", "", "120")


@pytest.mark.parametrize("reason", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_csv_holds_no_formulas(installation: Any, make_event: Callable[..., Event], reason: str) -> None:
    installation.fill(make_event(decision=Decision(Action.ALLOW, "rule", reason)))
    text = "".join(written(export(installation.store), load_forms()["csv"]))
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reason"] == f"'{reason}"
