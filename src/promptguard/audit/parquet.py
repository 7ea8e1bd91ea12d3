"""Decisions as a Parquet file (https://parquet.apache.org/docs/file-format/), written as it goes out.

pyarrow writes it, which comes with `promptguard[parquet]`. Only one group of rows is in memory at a time.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Any, Final

from promptguard.audit.columns import COLUMNS, Column, Holds
from promptguard.audit.privacy import PrivacyFilter
from promptguard.errors import PromptGuardError

GROUP_ROWS: Final = 2_000
"""Rows of a group: some megabytes, whatever is in them."""

MEDIA_TYPE: Final = "application/vnd.apache.parquet"


class NoParquet(PromptGuardError):
    """pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Parquet files are written by pyarrow, which is not installed. Install PromptGuard with it: "
            "promptguard[parquet]; in a checkout: uv sync --inexact --extra parquet. Or take csv or jsonl."
        )


def parquet(records: Iterable[Mapping[str, Any]], may_leave: PrivacyFilter | None = None) -> Iterator[bytes]:
    """Records as one Parquet file, in pieces.

    Args:
        may_leave: what goes out of them; by default all that ever may.

    Raises:
        NoParquet: pyarrow is not installed; before anything is written.
    """
    try:
        arrow: Any = importlib.import_module("pyarrow")
        arrow_parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise NoParquet from None
    return _written(arrow, arrow_parquet, records, may_leave or PrivacyFilter())


def _written(
    arrow: Any, arrow_parquet: Any, records: Iterable[Mapping[str, Any]], may_leave: PrivacyFilter
) -> Iterator[bytes]:
    schema, pieces = _schema(arrow), _Pieces()
    # Numbers of different records seldom repeat; names do.
    writer = arrow_parquet.ParquetWriter(arrow.PythonFile(pieces, mode="w"), schema, compression="zstd")
    for group in batched(records, GROUP_ROWS):
        rows = [_row(may_leave(record)) for record in group]
        writer.write_table(arrow.Table.from_pylist(rows, schema=schema), row_group_size=GROUP_ROWS)
        yield pieces.taken()
    writer.close()
    yield pieces.taken()


def _schema(arrow: Any) -> Any:
    return arrow.schema([(column.name, _type(arrow, column)) for column in COLUMNS])


def _type(arrow: Any, column: Column) -> Any:
    match column.holds:
        case Holds.NUMBER:
            return arrow.int64()
        case Holds.FRACTION:
            return arrow.float64()
        case Holds.TEXTS:
            return arrow.list_(arrow.string())
        case Holds.MILLISECONDS:
            return arrow.map_(arrow.string(), arrow.float64())
        case Holds.ROWS:
            return arrow.list_(arrow.struct([(each.name, _type(arrow, each)) for each in column.of]))
        case _:
            return arrow.string()


def _row(members: Mapping[str, Any], columns: Iterable[Column] = COLUMNS) -> dict[str, Any]:
    return {column.name: _value(column, members.get(column.name)) for column in columns}


def _value(column: Column, value: Any) -> Any:
    """A value as the column's type takes it, whatever the database holds."""
    match column.holds:
        case Holds.NUMBER:
            return value if isinstance(value, int) and -(2**63) <= value < 2**63 else None
        case Holds.FRACTION:
            return float(value) if isinstance(value, int | float) else None
        case Holds.TEXTS:
            return list(value or ())
        case Holds.MILLISECONDS:
            return [(str(step), float(time)) for step, time in (value or {}).items()]
        case Holds.ROWS:
            return [_row(each, column.of) for each in value or ()]
        case _:
            return None if value is None else str(value)


class _Pieces:
    """A file that is written to and handed on, piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Nothing: whoever takes the pieces decides when they go out."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        """What was written since it was last asked for."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
