import csv
import io
import re
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


@pytest.mark.parametrize("reason", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\nx", "\uff1d1+1"])
def test_csv_holds_no_formulas(installation: Any, make_event: Callable[..., Event], reason: str) -> None:
    installation.fill(make_event(decision=Decision(Action.ALLOW, "rule", reason)))
    text = "".join(written(export(installation.store), load_forms()["csv"]))
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reason"] == f"'{reason}"


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "-1", ' "=1+1'])
@pytest.mark.parametrize("separator", [";", "\t", "\n"])
def test_csv_holds_none_where_cells_end_at_semicolons(
    installation: Any, make_event: Callable[..., Event], separator: str, formula: str
) -> None:
    """As spreadsheets take it where a comma is a decimal mark."""
    installation.fill(make_event(decision=Decision(Action.ALLOW, "rule", f"so{separator}{formula}{separator}it is")))
    text = "".join(written(export(installation.store), load_forms()["csv"]))
    cells = [cell.strip(' "') for cell in re.split("[;\t\n]", text.partition("\r\n")[2])]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
