from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import on
from tests.commands.inputs import CONFIG, Run

from promptguard.keys import Keys


@pytest.fixture
def fresh(tmp_path: Path) -> Run:
    """On an installation that has its keys, and nothing else yet."""
    Keys.load_or_create(tmp_path / "keys")
    return on(CONFIG, tmp_path)


def test_a_link_to_the_first_account_is_printed_and_noted(fresh: Run) -> None:
    result = fresh("console verify")
    assert (result.exit_code, "nobody has looked" in result.output) == (2, True)
    assert "http://127.0.0.1:8081/set-up?link=" in fresh("console link").output
    result = fresh("console verify")
    assert (result.exit_code, result.output) == (0, "The ledger is whole.\n")


def test_a_ledger_that_was_changed_is_told(fresh: Run, tmp_path: Path) -> None:
    fresh("console link")
    (tmp_path / "review.db").unlink()
    result = fresh("console verify")
    assert result.exit_code == 1
    assert "last 1 entries of the ledger are gone" in result.output


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("run", ("--listen", "8081"), "--listen"),
        ("run", ("--listen", "0.0.0.0:0"), "nothing there is encrypted"),
        ("link", ("Eve",), "There is no account “Eve”. There are: none."),
    ],
)
def test_wrong_use_says_what_would_be_right(command: str, arguments: tuple[str, ...], told: str, fresh: Run) -> None:
    result = fresh(f"console {command}", *arguments)
    assert result.exit_code == 2
    assert told in result.output
