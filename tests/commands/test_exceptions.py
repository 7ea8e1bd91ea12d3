"""Exceptions at the command line: what others find in the store."""

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

SCOPE = ["--tool", "chatgpt", "--class", "tenant_data", "--reason", "For the pilot"]


@pytest.fixture
def run(config: Path, tmp_path: Path) -> Run:
    """Runs a command on an installation whose proxy has started once."""
    open_backend(Settings(), DataFolder(tmp_path), Keys.load_or_create(tmp_path / "keys")).close()
    return on(config, tmp_path)


def test_asked_for_and_revoked(run: Run, tmp_path: Path) -> None:
    assert run("exceptions list").output == "There are no exceptions.\n"
    told = run("exceptions ask", "--user", "ada", *SCOPE, "--days", "30", "--contract", "C-17")
    assert told.exit_code == 0, told.output
    (id,) = set(re.findall(r"or-[0-9a-f]{12}", told.output))
    assert "waits for two people" in told.output
    (order,) = map(json.loads, run("exceptions list", "--format", "json").output.splitlines())
    assert (order["id"], order["standing"], order["asked_by"]) == (id, "asked for", "")
    assert order["scope"] == {
        "users": 1,
        "destinations": ["chatgpt"],
        "data_classes": ["tenant_data"],
        "action": "redact",
        "contract": "C-17",
    }
    line = run("exceptions list").output
    assert f"{id}  asked for until {order['expires']}  redact tenant_data at chatgpt for 1 user" in line
    pseudonym = Keys.load(tmp_path / "keys").pseudonym("ada")
    assert pseudonym not in line + json.dumps(order), "whose a pseudonym is takes two people"
    assert "(C-17); approved by nobody yet" in line
    assert run("exceptions revoke", id, "--reason", "Not needed").exit_code == 0
    assert run("exceptions list").output == "There are no exceptions.\n"
    assert f"{id}  revoked" in run("exceptions list", "--all").output
    again = run("exceptions revoke", id, "--reason", "Again")
    assert (again.exit_code, f"{id} is over" in again.output) == (2, True)
    assert run("destinations show chatgpt").exit_code == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["ask", *SCOPE, "--days", "30"], "name users or groups"),
        (["ask", "--group", "supprot", *SCOPE, "--days", "3"], "“supprot” is no group of identities.yaml"),
        (["ask", "--user", "ada", *SCOPE, "--days", "400"], "after 1 to 365 days"),
        (["ask", "--user", "ada", *SCOPE, "--class", "credentials", "--days", "3"], "no exceptions for credentials"),
        (["revoke", "or-1", "--reason", "R"], "There is no “or-1”. See `promptguard exceptions list`."),
    ],
)
def test_mistakes_are_told_and_change_nothing(given: list[str], told: str, run: Run) -> None:
    answer = run(f"exceptions {given[0]}", *given[1:])
    assert (answer.exit_code, told in answer.output) == (2, True), answer.output
    assert run("exceptions list", "--all").output == "There are no exceptions.\n"
