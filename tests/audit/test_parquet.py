from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet
import pytest
from tests.samples.reviewing import event

from promptguard.audit import parquet as module
from promptguard.audit.parquet import NoParquet, parquet
from promptguard.audit.privacy import LeaveOut, PrivacyFilter
from promptguard.audit.record import canonical, parsed


def records(count: int, **members: Any) -> Iterator[dict[str, Any]]:
    for number in range(count):
        made = parsed(canonical(event(found=["EMAIL_ADDRESS"] * (number % 3), groups=["a", "b"])).event)
        yield {**made, "chain": "1", "sequence": number, "hash": "h", "previous_hash": "p", **members}


def read(pieces: Iterator[bytes]) -> Any:
    return pyarrow.parquet.ParquetFile(io.BytesIO(b"".join(pieces)))


def test_what_is_written_is_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP_ROWS", 4)
    given = list(records(10))
    pieces = list(parquet(iter(given)))
    assert len([piece for piece in pieces if piece]) >= 3
    file = read(iter(pieces))
    assert file.num_row_groups == 3
    rows = file.read().to_pylist()
    for row, record in zip(rows, given, strict=True):
        assert {name: row[name] for name in ("id", "action", "sequence", "groups", "characters", "would")} == {
            name: record[name] for name in ("id", "action", "sequence", "groups", "characters", "would")
        }
        assert dict(row["latency_ms"]) == record["latency_ms"]
        assert [each["entity_type"] for each in row["findings"]] == [e["entity_type"] for e in record["findings"]]
        assert [each["score"] for each in row["findings"]] == [e["score"] for e in record["findings"]]


@pytest.mark.parametrize("count", [0, 1])
def test_a_few(count: int) -> None:
    assert read(parquet(records(count))).read().num_rows == count


@pytest.mark.parametrize("member", [{"characters": 2**70}, {"sequence": "x"}, {"groups": None}, {"reason": 1}])
def test_a_damaged_record_damages_no_others(member: dict[str, Any]) -> None:
    assert read(parquet([*records(1), *records(1, **member)])).read().num_rows == 2


def test_what_may_not_leave_does_not() -> None:
    left_out = PrivacyFilter([LeaveOut.PSEUDONYM, LeaveOut.FINGERPRINT])
    (_, row) = read(parquet(records(2), left_out)).read().to_pylist()
    assert not row["pseudonym"]
    assert not row["findings"][0]["fingerprint"]


def test_where_it_is_not_installed_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(NoParquet, match=r"promptguard\[parquet\]"):
        parquet(records(1))
