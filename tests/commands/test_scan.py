from __future__ import annotations

import base64
import json
import random
import zipfile
from pathlib import Path

import pytest
from tests.commands.inputs import LEAKY, SECRET, Run


def test_scan_tells_where_and_what_and_never_the_value(shipped: Run) -> None:
    result = shipped("scan", "--no-names", text=LEAKY)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first.startswith("1:10: EMAIL_ADDRESS (personal_data, ")
    assert second.startswith("1:48: PASSWORD (credentials, ")
    assert SECRET not in result.output and "orchard" not in result.output


def test_scan_of_a_clean_text_says_so_aside(shipped: Run) -> None:
    result = shipped("scan", "--no-names", text="What is the capital of France?\n")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing found.\n")


def test_scan_as_json_lines_keeps_ids_and_order(shipped: Run) -> None:
    rows = [{"id": "b", "text": "hello"}, {"id": 7, "text": LEAKY}, {"id": None, "text": ""}]
    result = shipped("scan", "--no-names", "--format", "jsonl", text="\n".join(map(json.dumps, rows)))
    assert result.exit_code == 0
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in out] == ["b", 7, None]
    assert out[0]["spans"] == out[2]["spans"] == []
    email, password = out[1]["spans"]
    assert LEAKY[email["start"] : email["end"]] == "jane@orchard-lane.com"
    assert LEAKY[password["start"] : password["end"]] == SECRET
    assert set(email) == {"start", "end", "type", "class", "score", "detector"}


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ('{"id": 1}\n', "jsonl", "line 1"),
        ('{"id": 1, "text": "x"}\nnonsense\n', "jsonl", "line 2"),
        (bytes(range(16)), "text", "a file of unknown kind"),
    ],
)
def test_bad_input_is_wrong_use(shipped: Run, text: str | bytes, form: str, expected: str) -> None:
    result = shipped("scan", "--no-names", "--format", form, text=text)
    assert result.exit_code == 2
    assert expected in result.output


def test_scan_reads_files_of_other_kinds_part_by_part(shipped: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "list.zip"
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("clean.txt", "What is the capital of France?")
        archive.writestr("leaky.txt", LEAKY)
    result = shipped("scan", "--no-names", str(sheet))
    assert result.exit_code == 1
    assert [line.partition(" (")[0] for line in result.stdout.splitlines()] == [
        "leaky.txt: 1:10: EMAIL_ADDRESS",
        "leaky.txt: 1:48: PASSWORD",
    ]
    spans = json.loads(shipped("scan", "--no-names", "--format", "json", str(sheet)).stdout)["spans"]
    assert [(span["part"], LEAKY[span["start"] : span["end"]]) for span in spans] == [
        ("leaky.txt", "jane@orchard-lane.com"),
        ("leaky.txt", SECRET),
    ]


def test_scan_says_what_it_cannot_read(shipped: Run, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(99))
    result = shipped("scan", "--no-names", str(film))
    assert (result.exit_code, result.output) == (2, "A file is of a kind that cannot be read: a film.\n")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    for name, text in {
        ".env": LEAKY,
        ".git/config": LEAKY,
        "b/clean.md": "What is the capital of France?",
        "b/leaky.txt": LEAKY,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "linked.txt").symlink_to(folder / "b" / "leaky.txt")
    return folder


def test_scan_takes_folders_with_hidden_files_and_without_version_control(shipped: Run, tree: Path) -> None:
    result = shipped("scan", "--no-names", tree)
    assert result.exit_code == 1
    assert [line.partition(" (")[0] for line in result.stdout.splitlines()] == [
        f"{tree}/.env: 1:10: EMAIL_ADDRESS",
        f"{tree}/.env: 1:48: PASSWORD",
        f"{tree}/b/leaky.txt: 1:10: EMAIL_ADDRESS",
        f"{tree}/b/leaky.txt: 1:48: PASSWORD",
    ]


def test_scan_takes_several_files(shipped: Run, tree: Path) -> None:
    clean, leaky = tree / "b" / "clean.md", tree / "b" / "leaky.txt"
    spans = json.loads(shipped("scan", "--no-names", "--format", "json", clean, leaky).stdout)["spans"]
    assert [(span["file"], span["type"]) for span in spans] == [
        (str(leaky), "EMAIL_ADDRESS"),
        (str(leaky), "PASSWORD"),
    ]
    again = shipped("scan", "--no-names", clean, clean)
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "Nothing found in 2 files.\n")


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_scanned(shipped: Run, tree: Path) -> None:
    (tree / "a.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(99))
    result = shipped("scan", "--no-names", tree)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{tree}/a.mp4: ") and "film" in result.stderr
    assert f"{tree}/b/leaky.txt: 1:48: PASSWORD" in result.stdout


@pytest.mark.parametrize("options", [("--format", "json", "--explain"), ("--format", "jsonl")])
def test_options_that_do_not_go_together(shipped: Run, tree: Path, options: tuple[str, ...]) -> None:
    assert shipped("scan", *options, tree).exit_code == 2


def test_a_text_that_is_none_does_not_end_the_others(shipped: Run) -> None:
    noise = base64.b64encode(random.Random(3).randbytes(900)).decode()
    rows = [{"id": 1, "text": noise}, {"id": 2, "text": "Mail anna.schmidt@contoso-gmbh.de"}]
    result = shipped("scan", "--no-names", "--format", "jsonl", text="\n".join(map(json.dumps, rows)))
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["spans"] == [] and "problem" in first
    assert [span["type"] for span in second["spans"]] == ["EMAIL_ADDRESS"]
