"""A marked test event: it arrives as one, and what goes wrong is said with what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.audit.forms.ocsf_schema import mistakes
from tests.audit.sinks.conftest import Collector

from promptguard.audit.forms import load_forms, written
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.sinks.file import FileSink, FileSinkSettings
from promptguard.audit.sinks.splunk_hec import SplunkSink, SplunkSinkSettings
from promptguard.audit.sinks.trial import try_out


@pytest.mark.parametrize("form", ["jsonl", "ocsf", "ecs"])
def test_it_is_marked_and_a_feed_goes_on_where_it_was(tmp_path: Path, records: list[Any], form: Any) -> None:
    def make() -> FileSink:
        return FileSink(FileSinkSettings(kind="file", path=Path("feed"), form=form), tmp_path)

    make().deliver(records)
    trial = try_out(make(), PrivacyFilter())
    assert (trial.ok, trial.remedy) == (True, "")
    event = orjson.loads((tmp_path / "feed").read_bytes().splitlines()[-1])
    marks = {"jsonl": event.get("test"), "ocsf": event.get("metadata", {}).get("labels"), "ecs": event.get("tags")}
    assert marks[form] in (True, ["test"])
    assert trial.event_id in str(event)
    assert form != "ocsf" or list(mistakes(event)) == []
    assert make().resume() == records[-1]["hash"]


def test_where_it_fails(tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIEM_TOKEN", "abc")

    def trial() -> Any:
        settings = SplunkSinkSettings(kind="splunk_hec", url=collector.url, token_env="SIEM_TOKEN")
        return try_out(SplunkSink(settings, tmp_path), PrivacyFilter())

    assert trial().said == "HTTP 200, “Success”"
    collector.reply = (403, {"text": "Invalid token", "code": 4})
    failed = trial()
    assert not failed.ok and "Invalid token" in failed.said and "knows no such token" in failed.remedy


def test_every_form_can_write_it(tmp_path: Path) -> None:
    taken: list[Any] = []

    class Memory(FileSink):
        def deliver(self, records: Any) -> str:
            taken.extend(records)
            return ""

    try_out(Memory(FileSinkSettings(kind="file", path=Path("x")), tmp_path), PrivacyFilter())
    for form in load_forms().values():
        assert "promptguard_test" in "".join(written(taken, form))
