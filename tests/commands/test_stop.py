"""Stops from the command line: what others find in the store."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.commands.conftest import on
from tests.commands.inputs import Run

from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend


@pytest.fixture
def run(config: Path, tmp_path: Path) -> Run:
    """Runs a command on an installation whose proxy has started once."""
    open_backend(Settings(), DataFolder(tmp_path), Keys.load_or_create(tmp_path / "keys")).close()
    return on(config, tmp_path)


def test_from_a_stop_to_its_lifting(run: Run, tmp_path: Path) -> None:
    assert run("stop list").output == "Nothing is stopped.\n"
    told = run("stop", "chatgpt", "--reason", "Their  incident", "--for", "4h")
    assert told.exit_code == 0, told.output
    (id,) = set(re.findall(r"or-[0-9a-f]{12}", told.output))
    (stop,) = map(json.loads, run("stop list", "--format", "json").output.splitlines())
    assert (stop["id"], stop["scope"], stop["reason"]) == (id, {"destinations": ["chatgpt"]}, "Their incident")
    assert stop["holds"] and stop["expires"] > stop["asked"]
    assert f"{id}  {stop['asked']}  chatgpt  stopped until {stop['expires']}" in run("stop list").output
    assert run("stop lift", id, "--reason", "Over").exit_code == 0
    assert run("stop list").output == "Nothing is stopped.\n"
    assert "lifted it: Over" in run("stop list", "--all").output


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (["--all"], "all tools: stopped."),
        (["--class", "credentials"], "the class credentials: stopped."),
        (["claude"], "claude: stopped."),
    ],
)
def test_what_is_stopped(what: list[str], told: str, run: Run) -> None:
    assert told in run("stop", *what, "--reason", "Now").output


MISTAKES = [
    (["chatgtp", "--reason", "x"], "Did you mean “chatgpt”?"),
    (["--class", "secrets", "--reason", "x"], "“secrets” is no data class."),
    (["--reason", "x"], "Say what to stop"),
    (["chatgpt", "--all", "--reason", "x"], "Say what to stop"),
    (["chatgpt", "--reason", " "], "Say why"),
    (["chatgpt"], "--reason"),
    (["chatgpt", "--reason", "x", "--for", "2 fortnights"], "Write 30m, 4h, 14d or 2w."),
    (["chatgpt", "--reason", "x", "--for", "9999d"], "from one minute to 366 days"),
]


def test_a_mistake_is_told_and_stops_nothing(run: Run) -> None:
    for given, told in MISTAKES:
        result = run("stop", *given)
        assert (result.exit_code, told in result.output) == (2, True), result.output
    assert run("stop list", "--all").output == "Nothing is stopped.\n"


def test_what_is_not_stopped_is_not_lifted(run: Run) -> None:
    result = run("stop lift", "or-1", "--reason", "x")
    assert (result.exit_code, result.output) == (2, "No stop “or-1” is in force. See `promptguard stop list`.\n")
