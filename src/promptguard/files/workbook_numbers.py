"""Numbers of an old Excel workbook ([MS-XLS] 2.4) as their formats show them: `78051120` is `078-05-1120`."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from promptguard.files.number_formats import is_date, shown

_BEGIN, _END, _SHEET, _DATE_MODE, _FORMAT, _STYLE = 0x0809, 0x000A, 0x0085, 0x0022, 0x041E, 0x00E0
_NUMBER, _SHORT, _SHORTS, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_EXCEL_97: Final = 0x0600
_NO_NUMBER: Final = b"\xff\xff"
"""Where a formula's value ends so, it is a text, a truth value or an error."""

type Numbers = Mapping[tuple[int, int], str]
"""What is shown, by row and column."""


class _Cell(NamedTuple):
    row: int
    column: int
    style: int
    value: float


def shown_numbers(records: Iterable[tuple[int, bytes]]) -> dict[str, Numbers]:
    """By the name of the sheet, the numbers that are shown in another way than they stand; dates are left out."""
    book = _Book()
    for kind, content in records:
        try:
            book.take(kind, content)
        except struct.error:
            continue  # too short for what it says it is: what reads the cells will say so
    return {name: numbers for name, numbers in zip(book.names(), book.sheets, strict=False) if numbers}


class _Book:
    def __init__(self) -> None:
        self.sheets: list[dict[tuple[int, int], str]] = []
        """In the order of the stream."""
        self._depth = 0
        self._is_97 = True
        self._from_1904 = False
        self._names: list[tuple[int, str]] = []
        """With where each sheet begins in the stream."""
        self._codes: dict[int, str] = {}
        self._styles: list[int] = []

    def names(self) -> list[str]:
        """Of the sheets, in the order of the stream."""
        return [name for _, name in sorted(self._names)]

    def take(self, kind: int, content: bytes) -> None:
        """Take one record.

        Raises:
            struct.error: it is too short.
        """
        if kind == _BEGIN:
            self._begin(content)
        elif kind == _END:
            self._depth -= 1
        elif self._depth != 1:
            return  # a chart within a sheet
        elif not self.sheets:
            self._take_global(kind, content)
        else:
            for cell in _cells(kind, content):
                self._show(cell)

    def _begin(self, content: bytes) -> None:
        self._depth += 1
        if self._depth == 1 and (self._names or self._styles):
            self.sheets.append({})
        elif self._depth == 1:
            self._is_97 = struct.unpack_from("<H", content)[0] >= _EXCEL_97

    def _take_global(self, kind: int, content: bytes) -> None:
        if kind == _SHEET:
            (at,) = struct.unpack_from("<I", content)
            self._names.append((at, self._text(content, 6, wide_count=False)))
        elif kind == _DATE_MODE:
            self._from_1904 = content[:1] == b"\1"
        elif kind == _FORMAT:
            (number,) = struct.unpack_from("<H", content)
            self._codes[number] = self._text(content, 2, wide_count=self._is_97)
        elif kind == _STYLE:
            self._styles.append(struct.unpack_from("<HH", content)[1])

    def _text(self, content: bytes, start: int, *, wide_count: bool) -> str:
        """A string with its length, in one byte or two, and since Excel 97 how many bytes a character takes."""
        size = struct.unpack_from("<H" if wide_count else "<B", content, start)[0]
        start += 2 if wide_count else 1
        if self._is_97 and content[start : start + 1] == b"\1":
            return content[start + 1 : start + 1 + 2 * size].decode("utf-16-le", "replace")
        start += self._is_97
        return content[start : start + size].decode("latin-1")

    def _show(self, cell: _Cell) -> None:
        number = self._styles[cell.style] if cell.style < len(self._styles) else 0
        code = self._codes.get(number, "")
        if not number or is_date(number, code):
            return
        literal = repr(cell.value)
        text = shown(literal, number, code, from_1904=self._from_1904)
        if text != shown(literal, 0, ""):
            self.sheets[-1][cell.row, cell.column] = text


def _cells(kind: int, content: bytes) -> Iterator[_Cell]:
    """The numbers of a record."""
    if kind == _NUMBER:
        yield _Cell(*struct.unpack_from("<HHHd", content))
    elif kind == _SHORT:
        row, column, style, short = struct.unpack_from("<HHHI", content)
        yield _Cell(row, column, style, _number(short))
    elif kind == _SHORTS:
        row, first = struct.unpack_from("<HH", content)
        for number, (style, short) in enumerate(
            struct.iter_unpack("<HI", content[4 : 4 + (len(content) - 6) // 6 * 6])
        ):
            yield _Cell(row, first + number, style, _number(short))
    elif kind == _FORMULA and content[12:14] != _NO_NUMBER:
        yield _Cell(*struct.unpack_from("<HHHd", content))


def _number(short: int) -> float:
    """A number in four bytes (RkNumber, 2.5.217): whole, or half of a floating point one; in hundredths, or not."""
    if short & 2:
        whole = short >> 2
        value = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        value = float(struct.unpack("<d", struct.pack("<II", 0, short & 0xFFFFFFFC))[0])
    return value / 100 if short & 1 else value
