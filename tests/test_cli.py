"""The command line as a person or a script uses it: what it prints, and its exit status."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main

CONFIG = Path(__file__).parent.parent / "config"
SECRET = "Tr0ub4dor" + "&3xyz"
LEAKY = f"Write to jane@orchard-lane.com, my password is {SECRET}\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def run(data: Path) -> Any:
    def invoke(*arguments: str, text: str | bytes = "", config: Path = CONFIG) -> Result:
        folders = ["--config", str(config), "--data", str(data)]
        words = 2 if arguments[0] in {"policy", "audit", "tenants"} else 1
        return CliRunner().invoke(main, [*arguments[:words], *folders, *arguments[words:]], input=text)

    return invoke


def test_scan_tells_where_and_what_and_never_the_value(run: Any) -> None:
    result = run("scan", "--no-names", text=LEAKY)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first.startswith("1:10: EMAIL_ADDRESS (personal_data, ")
    assert second.startswith("1:48: PASSWORD (credentials, ")
    assert SECRET not in result.output and "orchard" not in result.output


def test_scan_of_a_clean_text_is_silent(run: Any) -> None:
    result = run("scan", "--no-names", text="What is the capital of France?\n")
    assert (result.exit_code, result.output) == (0, "")


def test_scan_as_json_lines_keeps_ids_and_order(run: Any) -> None:
    rows = [{"id": "b", "text": "hello"}, {"id": 7, "text": LEAKY}, {"id": None, "text": ""}]
    result = run("scan", "--no-names", "--format", "jsonl", text="\n".join(map(json.dumps, rows)))
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
def test_bad_input_is_wrong_use(run: Any, text: str | bytes, form: str, expected: str) -> None:
    result = run("scan", "--no-names", "--format", form, text=text)
    assert result.exit_code == 2
    assert expected in result.output


def test_redact_prints_the_text_with_placeholders(run: Any) -> None:
    result = run("redact", "--no-names", text=LEAKY)
    assert result.exit_code == 1
    assert result.stdout.startswith("Write to [EMAIL_ADDRESS_")
    assert "my password is [PASSWORD_" in result.stdout
    assert run("redact", "--no-names", text="clean\n").stdout == "clean\n"


def test_policy_check_of_what_is_shipped(run: Any) -> None:
    result = run("policy", "check")
    assert (result.exit_code, "0 warnings" in result.stdout) == (0, True)


def test_a_mistake_in_a_file_is_explained(run: Any, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text().replace("action: block", "action: blok", 1))
    line = policy.read_text().split("action: blok")[0].count("\n") + 1
    for command in (("policy", "check"), ("scan", "--no-names")):
        result = run(*command, config=config)
        assert result.exit_code == 2
        assert f"policy.yaml:{line}" in result.output
        assert "blok" in result.output and "block" in result.output


def test_a_wire_format_that_does_not_exist_is_a_mistake(run: Any, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    destinations = config / "destinations.yaml"
    destinations.write_text(destinations.read_text().replace("format: openai_chat", "format: openai_chatt", 1))
    result = run("policy", "check", config=config)
    assert result.exit_code == 2
    assert "openai_chatt" in result.output and "openai_chat" in result.output


@pytest.mark.parametrize(
    ("text", "destination", "status", "expected"),
    [
        (LEAKY, "api.openai.com", 1, "block"),
        ("Write to jane@orchard-lane.com", "api.openai.com", 0, "replaced"),
        ("Write to jane@orchard-lane.com", "chatgpt.com", 1, "block"),
        ("hello", "chatgpt.com", 0, "allowed"),
    ],
)
def test_policy_explain_says_which_rule_and_why(
    run: Any, text: str, destination: str, status: int, expected: str
) -> None:
    result = run("policy", "explain", "--no-names", "--destination", destination, text=text)
    assert result.exit_code == status, result.output
    assert expected in result.stdout
    assert "orchard" not in result.stdout


def test_policy_explain_names_an_unknown_destination(run: Any) -> None:
    result = run("policy", "explain", "--no-names", "--destination", "nowhere.example")
    assert result.exit_code == 2
    assert "nowhere.example" in result.output


def test_tenants_are_built_and_found_without_their_names(run: Any, data: Path, tmp_path: Path) -> None:
    csv = tmp_path / "customers.csv"
    csv.write_text("id,name,domain\nC-48213,Brightwater Logistics GmbH,brightwater-logistics.example\nC-2,of,\n")
    built = run("tenants", "build", str(csv))
    assert built.exit_code == 0, built.output
    assert f"{csv}:3: refused" in built.output
    found = run("scan", "--no-names", text="The invoice of Brightwater Logistics is late")
    assert found.exit_code == 1
    assert "TENANT_NAME of C-48213 (tenant_data" in found.stdout
    stored = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"rightwater" not in stored
    (data / "tenants.index").unlink()


def test_audit_without_a_record_says_so(run: Any) -> None:
    for command in ("verify", "tail", "export"):
        result = run("audit", command)
        assert result.exit_code == 2
        assert "no record yet" in result.output


def test_doctor_says_what_is_missing(run: Any) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    assert "✗ proxy" in result.stdout and "promptguard run" in result.stdout
    assert "✓ configuration" in result.stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["scan", "--format", "xml"], ["run", "--listen", "8080"]])
def test_wrong_use_ends_with_status_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_scan_reads_files_of_other_kinds_part_by_part(run: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "list.zip"
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("clean.txt", "What is the capital of France?")
        archive.writestr("leaky.txt", LEAKY)
    result = run("scan", "--no-names", str(sheet))
    assert result.exit_code == 1
    assert [line.partition(" (")[0] for line in result.stdout.splitlines()] == [
        "leaky.txt: 1:10: EMAIL_ADDRESS",
        "leaky.txt: 1:48: PASSWORD",
    ]
    spans = json.loads(run("scan", "--no-names", "--format", "json", str(sheet)).stdout)["spans"]
    assert [(span["part"], LEAKY[span["start"] : span["end"]]) for span in spans] == [
        ("leaky.txt", "jane@orchard-lane.com"),
        ("leaky.txt", SECRET),
    ]


def test_scan_says_what_it_cannot_read(run: Any, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(99))
    result = run("scan", "--no-names", str(film))
    assert (result.exit_code, result.output) == (2, "A file is of a kind that cannot be read: a film.\n")
