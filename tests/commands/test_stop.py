"""Stops from the command line: what others find in the store."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.commands.conftest import on
from tests.commands.inputs import Run

from promptguard.commands.support import reasons
from promptguard.configuration.settings import Settings
from promptguard.console.masking import NOT_YET
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


def test_it_is_in_force_before_its_words_are_searched(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile: list[str] = []

    def search(config: Path, data: Path, words: str, seconds: float) -> str:
        meanwhile.append(run("stop list", "--format", "json").output)
        return words

    monkeypatch.setattr(reasons, "search", search)
    run("stop", "chatgpt", "--reason", "Their incident")
    before, now = json.loads(meanwhile[0]), json.loads(run("stop list", "--format", "json").output)
    assert before["holds"] and before == {**now, "reason": NOT_YET}
    assert now["reason"] == "Their incident"


@pytest.mark.parametrize("what", [["chatgpt"], ["--class", "credentials"], ["--all"]])
def test_a_mistake_in_the_policy_keeps_nobody_from_stopping(
    what: list[str], config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(config, broken)
    (broken / "policy.yaml").write_text("rules: [\n")
    open_backend(Settings(), DataFolder(tmp_path), Keys.load_or_create(tmp_path / "keys")).close()
    monkeypatch.setattr(reasons, "search", lambda config, data, words, seconds: words)
    run = on(broken, tmp_path)
    told = run("stop", *what, "--reason", "Now")
    assert told.exit_code == 0 and "policy.yaml" in told.output, told.output
    (stop,) = map(json.loads, run("stop list", "--format", "json").output.splitlines())
    assert stop["holds"]
    assert run("stop lift", stop["id"], "--reason", "Over").exit_code == 0


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
