from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import xlwt

from promptguard.files.compound_streams import compound_file


def workbook(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("Budget")
    dated = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(at, column, value, *([dated] if isinstance(value, date) else []))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_and_kinds_of_cells(texts: Any) -> None:
    data = workbook([["name", "number"], ["Grüße", 4556737515442058.0], [1.25, True], [datetime(2024, 1, 2), None]])
    assert dict(texts(data))["Budget"].split("\n") == [
        "name\tnumber",
        "Grüße\t4556737515442058",
        "1.25\tTRUE",
        "2024-01-02",
    ]


def test_broken_and_empty_workbooks(problem: Any) -> None:
    assert problem(compound_file("Workbook", b"\x09\x08\x10\x00" + bytes(16))) == "file.damaged kind=compound"
    assert problem(compound_file("Workbook", b"words")) == "file.damaged kind=compound"
    assert problem(compound_file("Workbook", b"\x09\x08\x02\x00\0\6\x2f\0\2\0\0\0")) == "file.encrypted kind=compound"
