"""Reasons typed at a command line: what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.commands.conftest import on
from tests.commands.inputs import Run
from tests.samples.orders import put_in_force

from promptguard.cli import main
from promptguard.commands.support import reasons
from promptguard.commands.support.reasons import SearchedOption
from promptguard.console import masking
from promptguard.console.masking import WITHHELD, NotSearched

TYPED = "Ada pasted  it: ada@corp.example"
KEPT = "Ada pasted it: [EMAIL_ADDRESS]"
EXCEPTION = ("--user", "ada", "--tool", "claude", "--class", "personal_data", "--days", "7")


@pytest.fixture
def run(config: Path, tmp_path: Path) -> Run:
    put_in_force(tmp_path)
    return on(config, tmp_path)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        reasons, "search", lambda config, data, words, seconds: words.replace("ada@corp.example", "[EMAIL_ADDRESS]")
    )


def not_searched(config: Path, data: Path, words: str, seconds: float) -> str:
    raise NotSearched("The text could not be searched (OSError).")


@pytest.fixture
def unsearchable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "search", not_searched)


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def test_each_reason_of_each_command_is_searched() -> None:
    given = {
        name: option
        for name, command in _commands(main)
        for option in command.params
        if option.name in ("reason", "reference", "contract")
    }
    assert {"stop order", "stop lift", "exceptions ask", "hold add", "configuration publish"} <= set(given)
    assert [name for name, option in given.items() if not isinstance(option, SearchedOption)] == []


@pytest.mark.parametrize(
    ("order", "listing"),
    [
        (("stop", "chatgpt"), "stop list"),
        (("exceptions ask", *EXCEPTION), "exceptions list"),
        (("hold add", "--destination", "chatgpt"), "hold list"),
    ],
)
def test_what_is_found_is_masked_and_that_is_said(order, listing: str, run: Run, searched: None) -> None:
    told = run(*order, "--reason", TYPED)
    assert told.exit_code == 0, told.output
    assert "Something was found in what you wrote. It is kept as: Ada pasted  it: [EMAIL_ADDRESS]" in told.output
    (kept,) = map(json.loads, run(listing, "--format", "json").output.splitlines())
    assert " ".join(kept["reason"].split()) == KEPT


def test_words_in_which_nothing_is_found_are_kept_as_they_are(run: Run, searched: None) -> None:
    assert "Something was found" not in run("stop", "chatgpt", "--reason", "Their incident").output
    (kept,) = map(json.loads, run("stop list", "--format", "json").output.splitlines())
    assert kept["reason"] == "Their incident"


def test_a_stop_does_not_wait_for_words_that_cannot_be_searched(run: Run, unsearchable: None) -> None:
    told = run("stop", "chatgpt", "--reason", TYPED)
    assert told.exit_code == 0 and "It is done all the same, without the words." in told.output
    (kept,) = map(json.loads, run("stop list", "--format", "json").output.splitlines())
    assert kept["reason"] == WITHHELD


def test_an_exception_does_not_last_for_words_that_cannot_be_searched(
    run: Run, searched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = run("exceptions ask", *EXCEPTION, "--reason", TYPED).output.splitlines()[-1].split()[0]
    monkeypatch.setattr(reasons, "search", not_searched)
    assert run("exceptions revoke", id, "--reason", TYPED).output.endswith(f"{id} is revoked.\n")
    (kept,) = map(json.loads, run("exceptions list", "--all", "--format", "json").output.splitlines())
    assert (kept["standing"], kept["end_reason"]) == ("revoked", WITHHELD)


@pytest.mark.parametrize("order", [("exceptions ask", *EXCEPTION), ("hold add", "--destination", "chatgpt")])
def test_all_else_is_not_done_without_its_words(order, run: Run, unsearchable: None) -> None:
    told = run(*order, "--reason", TYPED)
    assert (told.exit_code, told.output) == (2, "The text could not be searched (OSError).\n")


def test_where_there_is_no_installation_nothing_is_searched(config: Path, tmp_path: Path, unsearchable: None) -> None:
    told = on(config, tmp_path)("stop", "chatgpt", "--reason", TYPED)
    assert told.exit_code == 2 and "could not be searched" not in told.output
    assert not (tmp_path / "keys").exists()


def test_one_process_searches_all_words_of_a_command(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    program = f"echo 1 >> {tmp_path}/started; sed -u s/ada@corp.example/[EMAIL_ADDRESS]/"
    monkeypatch.setattr(masking, "command_of", lambda _: ("/bin/sh", "-c", program, "sh"))
    words = ("--reason", TYPED, "--reference", "Case of ada@corp.example")
    assert run("hold add", "--destination", "chatgpt", *words).exit_code == 0
    (kept,) = map(json.loads, run("hold list", "--format", "json").output.splitlines())
    assert kept["reference"] == "Case of [EMAIL_ADDRESS]"
    assert (tmp_path / "started").read_text() == "1\n"


def test_a_stop_waits_for_a_slow_search_for_some_seconds_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(reasons, "URGENT_SECONDS", 0.05)
    monkeypatch.setattr(masking, "command_of", lambda _: ("/bin/sh", "-c", "exec sleep 600", "sh"))
    assert "It is done all the same" in run("stop", "chatgpt", "--reason", TYPED).output
    (kept,) = map(json.loads, run("stop list", "--format", "json").output.splitlines())
    assert kept["reason"] == WITHHELD
