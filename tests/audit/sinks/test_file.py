"""A file of JSON Lines as a sink."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from promptguard.audit.export import export
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.sinks.file import FileSink, FileSinkSettings
from promptguard.audit.sinks.interface import SinkFailed


def record(number: int) -> dict[str, Any]:
    return {"id": f"pg-{number}", "sequence": number, "hash": f"{number:064x}", "findings": [], "groups": []}


def make(tmp_path: Path, **settings: Any) -> FileSink:
    return FileSink(FileSinkSettings(kind="file", path=Path("out/feed.jsonl"), **settings), tmp_path)


def test_a_line_a_record(tmp_path: Path) -> None:
    sink = make(tmp_path)
    assert sink.resume() == ""
    sink.deliver([record(1), record(2)])
    sink.deliver([record(3)])
    lines = (tmp_path / "out/feed.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == ["pg-1", "pg-2", "pg-3"]
    assert (tmp_path / "out/feed.jsonl").stat().st_mode & 0o777 == 0o600
    assert make(tmp_path).resume() == f"{3:064x}"


@pytest.mark.parametrize("form", ["jsonl", "ocsf", "ecs"])
def test_it_knows_where_it_ended_in_every_form(tmp_path: Path, installation: Any, events: list[Any], form: str) -> None:
    records = [PrivacyFilter()(each) for each in export(installation.store)]
    make(tmp_path, form=form).deliver(records)
    assert make(tmp_path, form=form).resume() == records[-1]["hash"]


@pytest.mark.parametrize(("keep", "names"), [(2, ["feed.jsonl", "feed.jsonl.1", "feed.jsonl.2"]), (0, ["feed.jsonl"])])
def test_rotation(tmp_path: Path, keep: int, names: list[str]) -> None:
    sink = make(tmp_path, rotate_mb=0.0001, keep=keep)
    for number in range(1, 6):
        sink.deliver([record(number)])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert orjson.loads((tmp_path / "out/feed.jsonl").read_bytes())["id"] == "pg-5"


def test_a_torn_line_goes(tmp_path: Path) -> None:
    sink = make(tmp_path)
    sink.deliver([record(1)])
    with (tmp_path / "out/feed.jsonl").open("ab") as file:
        file.write(b'{"id":"pg-2","ha')
    assert make(tmp_path).resume() == f"{1:064x}"
    assert (tmp_path / "out/feed.jsonl").read_bytes().endswith(b"}\n")


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(SinkFailed, match=r"feed\.jsonl"):
        make(tmp_path).deliver([record(1)])
