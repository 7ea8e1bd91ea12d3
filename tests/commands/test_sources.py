"""`promptguard sources` as a person uses it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from tests.commands.inputs import Run

CODE = '''\
def settle(ledger, booking):
    """Bookings of one day are settled together."""
    for entry in ledger.entries("open"):
        if entry.day == booking.day and not entry.locked:
            entry.amount = round(entry.amount - booking.amount * ledger.rate, 2)
            booking.settled_by.append(entry.number)
    return ledger.balance() if booking.settled_by else None
'''


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "ledger"
    (root / "src").mkdir(parents=True)
    (root / "src" / "settle.py").write_text(CODE)
    return root


def test_from_registering_to_removing(run: Run, repository: Path, data: Path) -> None:
    added = run("sources add", repository)
    assert (added.exit_code, added.output.splitlines()[0]) == (
        0,
        f"1 files of ledger added to {data / 'sources.index'}.",
    )
    [line] = run("sources list").stdout.splitlines()
    assert re.fullmatch(rf"\S+Z +{len(CODE)} +1  source_code +ledger", line)

    text = "Why is this slow?\n\n" + textwrap.indent(CODE, "        ") + "\nIt takes a minute."
    scanned = run("scan --no-names", text=text)
    assert scanned.exit_code == 1
    assert "SOURCE_CODE of ledger (source_code, " in scanned.stdout
    assert (
        "source-code-at-unapproved-tools"
        in run("policy explain --no-names --destination chatgpt.com", text=text).stdout
    )
    assert run("policy explain --no-names --destination openai-api", text=text).exit_code == 0

    assert run("sources remove", "ledger").exit_code == 0
    assert run("scan --no-names", text=text).exit_code == 0


def test_what_stands_in_code_is_found_all_the_same(run: Run, repository: Path) -> None:
    """Source code may go to approved tools, and what stands in it may not for that."""
    run("sources add", repository)
    code = CODE.replace("Bookings of one day", "Ask 10.20.30.40 why bookings of one day")
    found = run("scan --no-names", text=code).stdout
    assert "IP_ADDRESS (personal_data" in found and "SOURCE_CODE of ledger" in found
    assert run("sources remove", "ledger").exit_code == 0


def test_public_code_is_subtracted(run: Run, repository: Path) -> None:
    run("sources add", repository, "--name", "own")
    assert run("sources add", "--boilerplate", repository, "--name", "public").exit_code == 0
    assert run("scan --no-names", text=CODE).exit_code == 0
    assert run("sources remove", "own", "public").exit_code == 0


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        ("sources remove x", 1, "No repository x is registered"),
        ("sources add {folder}", 2, "no source code"),
        ("sources add {folder}/a {folder}/b --name x", 2, "one name for 2 folders"),
        ("sources add {folder}/a {folder}/c/a", 2, "one name"),
        ("sources add {folder}/none", 2, "does not exist"),
    ],
)
def test_wrong_use(run: Run, tmp_path: Path, command: str, status: int, told: str) -> None:
    for name in ("a", "b", "c/a"):
        (tmp_path / name).mkdir(parents=True)
    group, verb, *arguments = command.format(folder=tmp_path).split()
    result = run(f"{group} {verb}", *arguments)
    assert result.exit_code == status
    assert told in result.output
