from __future__ import annotations

import io
import struct
from typing import Any

import pytest
import xlwt

from promptguard.files.workbook_numbers import shown_numbers

type Records = list[tuple[int, bytes]]

BEGIN, END, SHEET, FORMAT, STYLE = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
NUMBER, SHORT, SHORTS, FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
SSN = "000-00-0000"
FIRST = 1 << 30
"""Where a number begins among the bits of a short one that is whole: it has 30."""


def styled(code: str) -> Any:
    return xlwt.easyxf(num_format_str=code)


def workbook(*cells: tuple[int, int, float, str], sheets: tuple[str, ...] = ("Budget",)) -> bytes:
    """A workbook by xlwt with the same cells on each sheet: row, column, value, format."""
    book = xlwt.Workbook()
    for name in sheets:
        sheet = book.add_sheet(name)
        for row, column, value, code in cells:
            sheet.write(row, column, value, styled(code))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (78051120, SSN, "078-05-1120"),
        (4111111111111111, "0000 0000 0000 0000", "4111 1111 1111 1111"),
        (1712345678, '"+49" 000 0000000', "+49 171 2345678"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (7743, "00000", "07743"),
        (0.25, "0%", "25%"),
        (78051120, "General", "78051120"),
        (1234.5, '"$"#,##0.00', "1234.5"),
        (39448, "yyyy-mm-dd", "2008-01-01"),
    ],
)
@pytest.mark.parametrize("place", [(0, 0), (5, 3)])
def test_numbers_as_they_are_shown(texts: Any, value: float, code: str, text: str, place: tuple[int, int]) -> None:
    found = texts(workbook((*place, value, code), sheets=("Budget", "Über 2")))
    assert ("Budget", text) in found
    assert ("Über 2", text) in found


def text_97(text: str, *, wide: bool = False) -> bytes:
    return b"\1" + text.encode("utf-16-le") if wide else b"\0" + text.encode()


def stream(*cells: tuple[int, bytes], version: int = 0x0600, wide: bool = False, code: str = SSN) -> Records:
    """A workbook of one sheet, `Budget`, with two styles: none, and a format."""
    name, told = b"Budget", code.encode()
    if version == 0x0600:
        format = struct.pack("<HH", 200, len(code)) + text_97(code, wide=wide)
        sheet = struct.pack("<IHB", 9, 0, 6) + text_97("Budget", wide=wide)
    else:
        format = struct.pack("<HB", 200, len(code)) + told
        sheet = struct.pack("<IHB", 9, 0, 6) + name
    begin = (BEGIN, struct.pack("<HH", version, 5))
    styles = [(STYLE, struct.pack("<HH", 0, number)) for number in (0, 200)]
    return [begin, (FORMAT, format), *styles, (SHEET, sheet), (END, b""), begin, *cells, (END, b"")]


def short(whole: int, *, hundredths: bool = False) -> int:
    return (whole % FIRST) << 2 | 2 | hundredths


VALUE = struct.pack("<d", 78051120.0)
HALF = struct.unpack("<II", struct.pack("<d", 78118912.0))[1]


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        (NUMBER, struct.pack("<HHH", 3, 4, 1) + VALUE, {(3, 4): "078-05-1120"}),
        (FORMULA, struct.pack("<HHH", 3, 4, 1) + VALUE + bytes(8), {(3, 4): "078-05-1120"}),
        (SHORT, struct.pack("<HHHI", 3, 4, 1, short(78051120)), {(3, 4): "078-05-1120"}),
        (SHORT, struct.pack("<HHHI", 3, 4, 1, short(-5)), {}),
        (SHORT, struct.pack("<HHHI", 3, 4, 1, short(500, hundredths=True)), {(3, 4): "000-00-0005"}),
        (SHORT, struct.pack("<HHHI", 3, 4, 1, HALF), {(3, 4): "078-11-8912"}),
        (
            SHORTS,
            struct.pack("<HHHIHIHIH", 3, 4, 1, short(1), 0, short(2), 1, short(3), 6),
            {(3, 4): "000-00-0001", (3, 6): "000-00-0003"},
        ),
        (NUMBER, struct.pack("<HHH", 3, 4, 0) + VALUE, {}),
        (NUMBER, struct.pack("<HHH", 3, 4, 9) + VALUE, {}),
        (NUMBER, struct.pack("<HHH", 3, 4, 1) + VALUE[:5], {}),
        (FORMULA, struct.pack("<HHH", 3, 4, 1) + bytes(6) + b"\xff\xff" + bytes(8), {}),
    ],
    ids=[
        "number", "formula", "whole in short", "negative", "hundredths", "half", "several", "no format", "no style",
        "cut", "text of a formula",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", [{}, {"wide": True}, {"version": 0x0500}], ids=["97", "97 wide", "95"])
def test_every_record_of_numbers(kind: int, content: bytes, shown: dict[Any, str], form: dict[str, Any]) -> None:
    assert shown_numbers(stream((kind, content), **form)) == ({"Budget": shown} if shown else {})


def test_a_chart_within_a_sheet_is_no_sheet() -> None:
    cell = (NUMBER, struct.pack("<HHH", 3, 4, 1) + VALUE)
    chart = [(BEGIN, struct.pack("<HH", 0x0600, 0x20)), (NUMBER, struct.pack("<HHH", 9, 9, 1) + VALUE), (END, b"")]
    assert shown_numbers(stream(*chart, cell)) == {"Budget": {(3, 4): "078-05-1120"}}


@pytest.mark.parametrize("records", [[], [(BEGIN, b"")], [(END, b"")] * 3, [(NUMBER, b"x")], [(SHEET, b"x")] * 2])
def test_what_is_no_workbook(records: Records) -> None:
    assert shown_numbers(records) == {}
