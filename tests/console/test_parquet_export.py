import importlib.util
import io
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet
import pytest
from tests.samples.reviewing import event

from promptguard.audit.parquet import NoParquet
from promptguard.audit.privacy import LeaveOut, PrivacyFilter
from promptguard.audit.record import canonical, parsed
from promptguard.console import parquet_export as module
from promptguard.console.parquet_export import parquet_export
from promptguard.errors import PromptGuardError


def records(count: int) -> Iterator[dict[str, Any]]:
    made = parsed(canonical(event(found=["EMAIL_ADDRESS"])).event)
    return ({**made, "chain": "1", "sequence": number} for number in range(count))


@pytest.mark.parametrize("count", [0, 1, module.GROUP_ROWS, module.GROUP_ROWS + 1])
def test_all_are_in_the_file_in_their_order_without_what_may_not_leave(count: int) -> None:
    pieces = parquet_export(records(count), PrivacyFilter([LeaveOut.PSEUDONYM]))
    rows = pyarrow.parquet.ParquetFile(io.BytesIO(b"".join(pieces))).read().to_pylist()
    assert [row["sequence"] for row in rows] == list(range(count))
    assert not any(row["pseudonym"] for row in rows)


def test_whoever_goes_away_in_the_middle_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    pieces = parquet_export(records(module.GROUP_ROWS), PrivacyFilter())
    assert next(pieces).startswith(b"PAR1")
    pieces.close()  # type: ignore[attr-defined]
    assert started[0].returncode is not None


@pytest.mark.parametrize("command", ["", "import sys; sys.stdin.read(); sys.exit(1)"])
def test_a_process_that_ends_in_the_middle_is_told(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "command_of", lambda _: (sys.executable, "-c", command))
    with pytest.raises(PromptGuardError, match="has ended"):
        list(parquet_export(records(module.GROUP_ROWS - 1), PrivacyFilter()))


def test_where_pyarrow_is_not_installed_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NoParquet, match=r"promptguard\[parquet\]"):
        parquet_export(records(1), PrivacyFilter())
