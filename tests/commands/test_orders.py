"""What is in doubt, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.commands.conftest import on
from tests.console.test_accepting import by_hand as by_hand


def test_from_a_look_to_accepting(by_hand: Callable[[str], None], config: Path, tmp_path: Path) -> None:
    run = on(config, tmp_path)
    told = run("orders check")
    assert (told.exit_code, told.output) == (
        0,
        "Orders beside the policy and accepted false alarms are all there, as they were left.\n",
    )
    by_hand("DELETE FROM governance_order WHERE kind <> 'exception'")
    by_hand("DELETE FROM meta WHERE name = 'allow_list_head'")
    told = run("orders check")
    assert told.exit_code == 1
    lines = [
        "  or-1  counts again: exception, Ann: Why",
        "  or-2  is put back: stop, Ann: Why",
        "  or-3  is put back: suspension, Ann",
        "  al-1  counts again: false alarm, EMAIL_ADDRESS: ",
    ]
    assert told.output.splitlines()[2:] == ["What would change with `promptguard orders accept`:", *lines]
    assert "or-1" in run("exceptions list").output and "in doubt" in run("exceptions list").output
    assert "al-1  in doubt until" in run("allow-list list --all").output
    assert run("orders accept").exit_code == 2
    accepted = run("orders accept", "--reason", "We looked")
    assert accepted.output.splitlines()[1:] == lines
    assert run("orders check").exit_code == 0
    assert run("orders accept", "--reason", "Again").exit_code == 2


def test_where_nothing_counts_again(by_hand: Callable[[str], None], config: Path, tmp_path: Path) -> None:
    by_hand("DELETE FROM governance_order WHERE kind = 'exception'")
    told = on(config, tmp_path)("orders check")
    assert told.exit_code == 1
    assert told.output.endswith("Nothing would change with `promptguard orders accept`.\n")


def test_what_was_changed_is_named_and_nothing_of_what_stands_there(
    by_hand: Callable[[str], None], config: Path, tmp_path: Path
) -> None:
    by_hand("UPDATE governance_order SET reason = 'Look here' WHERE kind = 'exception'")
    told = on(config, tmp_path)("orders check")
    assert told.exit_code == 1
    assert told.output.splitlines()[1:] == [
        "or-1  was changed in the database, and counts for nothing: exception",
        "Nothing would change with `promptguard orders accept`.",
    ]
