from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from tests.commands.conftest import on
from tests.commands.inputs import Run

from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend


@pytest.fixture
def recorded(config: Path, tmp_path: Path) -> Run:
    """Runs a command on a record without decisions."""
    open_backend(Settings(), DataFolder(tmp_path), Keys.load_or_create(tmp_path / "keys")).close()
    return on(config, tmp_path)


def test_holds_are_put_on_listed_and_lifted(recorded: Run) -> None:
    assert "Nothing is under a hold" in recorded("hold list").output
    given = ("--reason", "Case", "--reference", "2026/4", "--since", "2026-01-01", "--decision", "abcdefgh01234567")
    added = recorded("hold add", *given)
    assert added.exit_code == 0, added.output
    (id,) = re.findall(r"hold-[0-9a-f]{8}", added.output.split(" is on")[0])
    listed = orjson.loads(recorded("hold list", "--format", "json").output)
    assert (listed["id"], listed["reason"], listed["since"]) == (id, "Case", "2026-01-01T00:00:00.000Z")
    assert listed["decisions"] == ["pg-ABCD-EFGH-0123-4567"]
    assert id in recorded("hold list").output
    assert recorded("hold release", id, "--reason", "Closed").exit_code == 0
    assert "Nothing" in recorded("hold list").output
    assert "lifted" in recorded("hold list", "--all").output
    assert recorded("audit expire", "--dry-run").output.startswith("0 decisions would expire")
    assert orjson.loads(recorded("audit expire", "--format", "json").output)["decisions"] == 0


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("hold add", ("--reason", "Case"), "what is to be held"),
        ("hold add", ("--reason", "Case", "--since", "yesterday"), "is no time"),
        (
            "hold add",
            ("--reason", "Case", "--incident", "in-0000", "--decision", "abcdefgh01234567"),
            "no incident in-0000",
        ),
        ("hold release", ("hold-00000000", "--reason", "Closed"), "There is no hold hold-00000000"),
    ],
)
def test_wrong_use(recorded: Run, command: str, arguments: tuple[str, ...], told: str) -> None:
    result = recorded(command, *arguments)
    assert result.exit_code == 2
    assert told in result.output
