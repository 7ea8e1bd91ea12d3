"""The cells of workbooks in binary forms, `.xls` ([MS-XLS]) and `.xlsb` ([MS-XLSB]), by calamine."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.reasons import Code

type Cell = int | float | str | bool | time | date | datetime | timedelta

_WHOLE: Final = 1e16
"""Numbers below are whole as they stand: a floating point number holds them exactly."""


def read(data: bytes, out: Extraction) -> int:
    """Add the cells of all sheets, hidden ones too, a row a line; how many cells there are.

    Raises:
        CannotRead: it is encrypted or damaged.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not workbook.sheet_names:
            raise CannotRead(Code.FILE_DAMAGED)
        return sum(_read_sheet(workbook, name, out) for name in workbook.sheet_names)
    except PasswordError:
        raise CannotRead(Code.FILE_ENCRYPTED) from None
    except CalamineError:
        raise CannotRead(Code.FILE_DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how Rust's failures come through; no subclass of Exception
            raise CannotRead(Code.FILE_DAMAGED) from None
        raise


def _read_sheet(workbook: CalamineWorkbook, name: str, out: Extraction) -> int:
    count = 0
    lines = []
    out.add(name, "names")
    for row in workbook.get_sheet_by_name(name).iter_rows():
        cells = [text for cell in row if (text := _shown(cell))]
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
