"""`promptguard documents` as a person uses it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.commands.inputs import Run

MINUTES = """\
The board agreed on Tuesday that the Bluebird plant will be closed in the second half of next year. About 140
people are concerned, the works council has not been told yet, and nobody outside this circle may know before the
contracts with the buyer's bank are signed. Mrs Holm prepares the announcement for the end of the month.
"""


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    path = tmp_path / "minutes.txt"
    path.write_text(MINUTES, encoding="utf-16")
    return path


def test_from_registering_to_redacting(run: Run, minutes: Path, data: Path) -> None:
    added = run("documents add", minutes, "--name", "DOC-17")
    assert (added.exit_code, added.stderr) == (0, "")
    assert added.stdout.startswith(f"1 added to {data / 'documents.index'}, 0 refused.")

    [line] = run("documents list").stdout.splitlines()
    assert re.fullmatch(rf"\S+Z +{len(MINUTES)} +1  confidential_records +DOC-17", line)

    text = "Please translate:\n\n> " + MINUTES[10:240].replace("\n", "\n> ").upper() + "\n\nThanks!"
    scanned = run("scan --no-names", text=text)
    assert scanned.exit_code == 1
    assert "CONFIDENTIAL_DOCUMENT of DOC-17 (confidential_records, " in scanned.stdout
    redacted = run("redact --no-names", text=text).stdout
    assert re.fullmatch(r"Please translate:\n\n> \[CONFIDENTIAL_DOCUMENT_\w+\]\.?\n\nThanks!", redacted)
    spans = json.loads(run("scan --no-names --format json", text=text).stdout)["spans"]
    assert [(span["type"], span["class"]) for span in spans] == [("CONFIDENTIAL_DOCUMENT", "confidential_records")]
    explained = run("policy explain --no-names --destination chatgpt.com", text=text).stdout
    assert "records-at-unapproved-tools" in explained
    assert "BLUEBIRD" not in scanned.output + redacted + explained

    stored = b"".join(path.read_bytes() for path in data.glob("documents.index*")).lower()
    assert b"bluebird" not in stored and b"doc-17" not in stored

    assert run("documents remove", "DOC-17").exit_code == 0
    assert run("documents list").stdout == ""
    assert run("scan --no-names", text=text).exit_code == 0


def test_of_a_folder_what_can_be_read(run: Run, tmp_path: Path, minutes: Path) -> None:
    (tmp_path / "page.html").write_text(f"<html><body><h1>Minutes</h1><p>{MINUTES}</p></body></html>")
    (tmp_path / "sealed.bin").write_bytes(bytes(range(256)) * 4)
    added = run("documents add", tmp_path, "--data-class", "tenant_data")
    assert added.exit_code == 0
    assert added.stdout.startswith("2 added")
    assert f"{tmp_path / 'sealed.bin'}: refused: " in added.stderr
    listed = run("documents list").stdout.splitlines()
    assert [line.split()[-2:] for line in listed] == [["tenant_data", "minutes.txt"], ["tenant_data", "page.html"]]
    assert run("documents remove", "minutes.txt", "page.html", "gone").exit_code == 1


def test_letterhead_is_subtracted(run: Run, minutes: Path) -> None:
    run("documents add", minutes)
    assert run("scan --no-names", text=MINUTES).exit_code == 1
    letterhead = minutes.with_name("letterhead.txt")
    letterhead.write_text(MINUTES)
    assert run("documents add", "--boilerplate", letterhead).exit_code == 0
    assert "  boilerplate" in run("documents list").stdout
    assert run("scan --no-names", text=MINUTES).exit_code == 0
    assert run("documents remove", "letterhead.txt", "minutes.txt").exit_code == 0


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        ("documents remove x", 1, "No document x is registered"),
        ("documents add {folder}/short.txt", 1, "too little text"),
        ("documents add {folder}/short.txt {folder}/short.md --name x", 2, "one name for 2 files"),
        ("documents add {folder}/none.txt", 2, "does not exist"),
        ("documents add {folder}/short.txt --data-class secrets", 2, "confidential_records"),
        ("documents add", 2, "FILE"),
    ],
)
def test_wrong_use(run: Run, tmp_path: Path, command: str, status: int, told: str) -> None:
    for name in ("short.txt", "short.md"):
        (tmp_path / name).write_text("short")
    group, verb, *arguments = command.format(folder=tmp_path).split()
    result = run(f"{group} {verb}", *arguments)
    assert result.exit_code == status
    assert told in result.output


def test_a_damaged_index_is_told(run: Run, data: Path, minutes: Path) -> None:
    index = data / "documents.index"
    run("documents add", minutes)
    index.write_bytes(b"rubbish" * 100)
    try:
        for command in ("documents list", "documents remove x", "scan --no-names"):
            result = run(command)
            assert result.exit_code == 2
            assert "documents.index" in result.output and "is damaged" in result.output
    finally:
        index.unlink()
