"""Which records would survive a power cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.sinks.settled import SettledRecords


def test_as_far_as_the_chains_head_files_go(installation: Any, events: list[Any], tmp_path: Path) -> None:
    records = list(installation.store.records())
    heads = HeadFiles(installation.keys.folder, installation.keys.audit)
    assert all(map(SettledRecords(heads), records)) is (heads.of(records[0].chain).read() is not None)
    nowhere = SettledRecords(HeadFiles(tmp_path / "none", installation.keys.audit))
    assert not any(map(nowhere, records))
