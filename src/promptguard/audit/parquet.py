"""Decisions as a Parquet file (https://parquet.apache.org/docs/file-format/), written as it goes out.

pyarrow writes it, which comes with `promptguard[parquet]`. Only one group of rows is in memory at a time.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Any, Final

from promptguard.audit.privacy import PrivacyFilter
from promptguard.errors import PromptGuardError

GROUP_ROWS: Final = 2_000
"""Rows of a group: some megabytes, whatever is in them."""

MEDIA_TYPE: Final = "application/vnd.apache.parquet"

_TEXTS: Final = (
    "chain",
    "id",
    "incident",
    "time",
    "action",
    "would",
    "rule",
    "reason",
    "adjusted",
    "destination",
    "destination_status",
    "host",
    "method",
    "route",
    "format",
    "purpose",
    "inspection",
    "problem",
    "pseudonym",
    "identity_source",
    "policy_version",
    "policy_hash",
    "ruleset_version",
    "previous_hash",
    "hash",
)
_NUMBERS: Final = ("sequence", "segments", "characters", "body_bytes")
_LISTS: Final = ("groups", "uncovered_languages", "detectors")
_FINDING_TEXTS: Final = (
    "role",
    "position",
    "entity_type",
    "data_class",
    "detector",
    "fingerprint",
    "shape",
    "subject",
    "action",
    "rule",
)
_FINDING_NUMBERS: Final = ("segment", "start", "end")


class NoParquet(PromptGuardError):
    """pyarrow is not installed."""


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
        raise NoParquet(
            "Parquet files are written by pyarrow, which is not installed. Install PromptGuard with it: "
            "promptguard[parquet]; in a checkout: uv sync --extra parquet. Or take csv or jsonl."
        ) from None
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
    finding = arrow.struct(
        [
            *((name, arrow.string()) for name in _FINDING_TEXTS),
            *((name, arrow.int64()) for name in _FINDING_NUMBERS),
            ("score", arrow.float64()),
        ]
    )
    return arrow.schema(
        [
            *((name, arrow.string()) for name in _TEXTS),
            *((name, arrow.int64()) for name in _NUMBERS),
            *((name, arrow.list_(arrow.string())) for name in _LISTS),
            ("latency_ms", arrow.map_(arrow.string(), arrow.float64())),
            ("findings", arrow.list_(finding)),
        ]
    )


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: _text(record.get(name)) for name in _TEXTS},
        **{name: _number(record.get(name)) for name in _NUMBERS},
        **{name: list(record.get(name) or ()) for name in _LISTS},
        "latency_ms": [(str(step), float(time)) for step, time in (record.get("latency_ms") or {}).items()],
        "findings": [_finding(each) for each in record.get("findings") or ()],
    }


def _finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    score = finding.get("score")
    return {
        **{name: _text(finding.get(name)) for name in _FINDING_TEXTS},
        **{name: _number(finding.get(name)) for name in _FINDING_NUMBERS},
        "score": float(score) if isinstance(score, int | float) else None,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and -(2**63) <= value < 2**63 else None


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
