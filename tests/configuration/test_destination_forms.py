import csv
import io
from pathlib import Path

import pytest

from promptguard.configuration.destination_forms import COLUMNS, csv_text, markdown
from promptguard.configuration.destinations import Definition
from promptguard.model import Destination, Kind, Status

DEFINED = {"x": Definition(Path("x.yaml"), 3)}


def named(name: str) -> Destination:
    return Destination("x", name, ("x.example", "*.x.example"), Kind.API, Status.APPROVED)


@pytest.mark.parametrize(
    ("name", "cell"),
    [("Acme, Inc.", "Acme, Inc."), ('Say "hi"', 'Say "hi"'), ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)")],
)
def test_cells(name: str, cell: str) -> None:
    row = next(csv.DictReader(io.StringIO(csv_text([named(name)], DEFINED))))
    assert tuple(row) == COLUMNS
    assert (row["name"], row["defined"], row["owner"]) == (cell, "x.yaml:3", "")


def test_a_row_of_markdown_keeps_its_columns() -> None:
    line = markdown([named("a|b")], DEFINED).splitlines()[2]
    assert line == "| a\\|b | api | approved | `x.example`, `*.x.example` |  |  |  |"
