"""What `promptguard.yaml` says of sinks is what they are handed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from tests.audit.conftest import *  # noqa: F403 - fixtures
from tests.audit.conftest import Installation

from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.model import Event
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.sinks import make_feeds, try_sinks

SINKS = {name: {"kind": "file", "path": f"{name}.jsonl", "form": name} for name in ("ocsf", "ecs")}


def settings(**audit: object) -> Settings:
    return Settings.model_validate({"audit": {"sinks": SINKS, **audit}}, strict=False)


def test_sinks_get_what_is_recorded_without_what_is_left_out(
    installation: Installation, events: list[Event], tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path)
    for feed in make_feeds(settings(leave_out=["pseudonym"]), folder, installation.store, installation.keys):
        assert feed.round() == len(events)
        feed._file.release()
    for name in SINKS:
        content = (tmp_path / f"{name}.jsonl").read_text("utf-8")
        assert [event.id in line for event, line in zip(events, content.splitlines(), strict=True)] == [True] * 3
        assert events[0].pseudonym not in content


def test_a_test_event_goes_to_each_sink_or_to_one(tmp_path: Path) -> None:
    tried = list(try_sinks(settings(), DataFolder(tmp_path)))
    assert [(name, kind, trial.ok) for name, kind, trial in tried] == [("ocsf", "file", True), ("ecs", "file", True)]
    assert orjson.loads((tmp_path / "ocsf.jsonl").read_bytes())["metadata"]["uid"] == tried[0][2].event_id
    assert [name for name, _, _ in try_sinks(settings(), DataFolder(tmp_path), "ecs")] == ["ecs"]


@pytest.mark.parametrize(
    ("given", "name", "said"), [(settings(), "x", "the sinks are"), (Settings(), None, "no sinks")]
)
def test_no_such_sink(given: Settings, name: str | None, said: str, tmp_path: Path) -> None:
    with pytest.raises(PromptGuardError, match=said):
        list(try_sinks(given, DataFolder(tmp_path), name))
