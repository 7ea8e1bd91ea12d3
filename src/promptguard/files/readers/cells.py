"""The cells of workbooks in binary forms, `.xls` ([MS-XLS]) and `.xlsb` ([MS-XLSB]), by calamine."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.workbook_numbers import Numbers
from promptguard.reasons import Code

type Cell = int | float | str | bool | time | date | datetime | timedelta

_NONE: Final[Mapping[str, Numbers]] = MappingProxyType({})

_WHOLE: Final = 1e16
"""Numbers below are whole as they stand: a floating point number holds them exactly."""


def read(data: bytes, out: Extraction, numbers: Mapping[str, Numbers] = _NONE) -> int:
    """Add the cells of all sheets, hidden ones too, a row a line; how many cells there are.

    `numbers` are those that are shown in another way than they stand, by sheet.

    Raises:
        CannotRead: it is encrypted or damaged.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not workbook.sheet_names:
            raise CannotRead(Code.FILE_DAMAGED)
        return sum(_read_sheet(workbook, name, out, numbers.get(name, {})) for name in workbook.sheet_names)
    except PasswordError:
        raise CannotRead(Code.FILE_ENCRYPTED) from None
    except CalamineError:
        raise CannotRead(Code.FILE_DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how Rust's failures come through; no subclass of Exception
            raise CannotRead(Code.FILE_DAMAGED) from None
        raise


def _read_sheet(workbook: CalamineWorkbook, name: str, out: Extraction, numbers: Numbers) -> int:
    count = 0
    lines = []
    out.add(name, "names")
    sheet = workbook.get_sheet_by_name(name)
    first = sheet.start[1] if sheet.start else 0
    for place, row in enumerate(sheet.iter_rows()):
        texts = (numbers.get((place, column)) or _shown(cell) for column, cell in enumerate(row, first))
        cells = list(filter(None, texts))
        count += len(cells)
        if cells:
            lines.append("\t".join(cells))
    out.add("\n".join(lines), name)
    return count


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.replace("\0", "")  # of programs that say one byte a character where it is two
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell == cell and abs(cell) < _WHOLE and cell == int(cell) else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
