from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.commands.inputs import Run

SERVICES = """
defaults: {owner: IT, review_due: 2027-05-31}
destinations:
  - id: acme-api
    name: Acme API
    hosts: [api.acme.example, "*.acme.example"]
    kind: api
    status: approved
    data_handling: {trains_on_prompts: false, retention_days: 30, references: {training: "https://acme.example/x"}}
    routes: [{path: "/me", purpose: account}]
  - id: suite
    name: Suite | AI
    undecrypted_hosts: ["*.suite.example"]
    kind: embedded
    status: unreviewed
    review_due: 2026-01-31
"""
NEVER = """
never_decrypt:
  - {group: sign-in, reason: "Passwords are private.", hosts: [login.acme.example]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "destinations").mkdir()
    (tmp_path / "destinations" / "a.yaml").write_text(SERVICES)
    (tmp_path / "never_decrypt.yaml").write_text(NEVER)
    return tmp_path


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ([], ["acme-api", "suite"]),
        (["--kind", "api", "--kind", "mcp"], ["acme-api"]),
        (["--status", "unreviewed"], ["suite"]),
        (["--kind", "api", "--status", "unreviewed"], []),
        (["--host", "X.acme.example:443"], ["acme-api"]),
        (["--host", "mine.suite.example"], ["suite"]),
        (["--host", "login.acme.example"], []),
        (["--host", "*.example"], ["acme-api", "suite"]),
        (["--host", "*suite*"], ["suite"]),
    ],
)
def test_list_and_export_take_the_same_filters(run: Run, folder: Path, filters: list[str], ids: list[str]) -> None:
    listed = run("destinations list", *filters, config=folder)
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ids
    assert f"{len(ids)} of 2 services" in listed.stderr
    exported = run("destinations export", "--format", "json", *filters, config=folder)
    assert [each["id"] for each in json.loads(exported.stdout)] == ids


def test_list_says_where_a_service_is_defined(run: Run, folder: Path) -> None:
    line = run("destinations list", "--kind", "api", config=folder).stdout.strip()
    assert line == f"acme-api  Acme API  api  approved  2 hosts  {folder / 'destinations' / 'a.yaml'}:4"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "acme-api",
            [
                "a.yaml:4",
                "owner",
                "IT",
                "2027-05-31",
                "30 days",
                "https://acme.example/x",
                "*.acme.example",
                "/me  account",
            ],
        ),
        ("api.acme.example", ["Acme API (acme-api)", "trains on prompts  no"]),
        ("any.suite.example", ["Suite | AI (suite)", "undecrypted hosts", "*.suite.example"]),
        ("LOGIN.acme.example", ["is never decrypted: sign-in. Passwords are private."]),
    ],
)
def test_show(run: Run, folder: Path, name: str, parts: list[str]) -> None:
    result = run("destinations show", name, config=folder)
    assert result.exit_code == 0
    assert [part for part in parts if part not in result.stdout] == []


def test_what_is_switched_off_is_told(run: Run, folder: Path) -> None:
    (folder / "destinations" / "own.yaml").write_text(
        "disabled: acme-api\n"
        + SERVICES.partition("  - id: suite")[0]
        .replace("acme-api", "own")
        .replace('[api.acme.example, "*.acme.example"]', "own.example")
    )
    assert "approved  switched off" in run("destinations list", "--host", "api.acme.example", config=folder).stdout
    assert "no: its hosts pass undecrypted" in run("destinations show", "acme-api", config=folder).stdout
    assert "switched off" in run("destinations export", "--host", "api.acme.example", config=folder).stdout
    told = run("destinations check", "--all", "--on", "2026-01-31", config=folder).stdout
    assert "acme-api: it is switched off, and its hosts pass undecrypted." in told


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("suite", {"id": "suite", "review_due": "2026-01-31", "hosts": []}),
        ("login.acme.example", {"never_decrypt": {"group": "sign-in", "reason": "Passwords are private."}}),
    ],
)
def test_show_as_json(run: Run, folder: Path, name: str, expected: dict[str, object]) -> None:
    shown = json.loads(run("destinations show", name, "--format", "json", config=folder).stdout)
    assert {key: shown[key] for key in expected} == expected


@pytest.mark.parametrize(("name", "told"), [("nowhere.example", "“nowhere.example”"), ("ac-me", "mean ‘acme-api’?")])
def test_show_of_what_is_not_known(run: Run, folder: Path, name: str, told: str) -> None:
    result = run("destinations show", name, config=folder)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(
    ("kind", "told"),
    [("web_chat", "layer in pages     yes"), ("web_chat\n    in_page: false", "layer in pages     no")],
)
def test_show_says_whether_pages_have_the_layer(run: Run, folder: Path, kind: str, told: str) -> None:
    (folder / "destinations" / "own.yaml").write_text(
        f"destinations:\n  - id: own\n    name: Own\n    hosts: own.example\n    status: unreviewed\n    kind: {kind}\n"
    )
    assert told in run("destinations show", "own", config=folder).stdout


def test_export_as_a_spreadsheet(run: Run, folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("destinations export", "--format", "csv", config=folder).stdout)))
    assert [row["id"] for row in rows] == ["acme-api", "suite"]
    assert rows[0]["hosts"] == "api.acme.example *.acme.example"
    assert (rows[0]["trains_on_prompts"], rows[0]["training_reference"]) == ("no", "https://acme.example/x")
    assert (rows[1]["trains_on_prompts"], rows[1]["undecrypted_hosts"]) == ("", "*.suite.example")


def test_export_as_a_page(run: Run, folder: Path) -> None:
    lines = run("destinations export", config=folder).stdout.splitlines()
    assert len(lines) == 4
    assert "`api.acme.example`, `*.acme.example`" in lines[2] and "[training](https://acme.example/x)" in lines[2]
    assert "Suite \\| AI" in lines[3]


@pytest.mark.parametrize(
    ("day", "status", "errors"),
    [("2026-01-31", 0, []), ("2026-02-01", 1, ["suite"]), ("2027-06-01", 1, ["acme-api", "suite"])],
)
def test_check_tells_of_overdue_reviews(run: Run, folder: Path, day: str, status: int, errors: list[str]) -> None:
    result = run("destinations check", "--on", day, config=folder)
    assert result.exit_code == status
    *told, summary = result.stdout.splitlines()
    assert [line.split(": ")[2] for line in told] == errors
    assert summary.startswith(f"2 services, 2 hosts; {len(errors)} to put right")
    as_json = json.loads(run("destinations check", "--on", day, "--format", "json", config=folder).stdout)
    assert [each["id"] for each in as_json["remarks"] if each["failure"]] == errors


def test_check_tells_notes_on_demand(run: Run, folder: Path) -> None:
    assert "note:" not in run("destinations check", "--on", "2026-01-31", config=folder).stdout
    told = run("destinations check", "--on", "2026-01-31", "--all", config=folder).stdout
    assert "note:" in told and "suite: no host of it is decrypted." in told


def test_what_is_shipped_needs_nothing_put_right(shipped: Run) -> None:
    assert shipped("destinations check", "--on", "2026-12-01").exit_code == 0


def test_a_mistake_is_told_with_both_places(run: Run, folder: Path) -> None:
    (folder / "destinations" / "b.yaml").write_text(SERVICES.replace("acme-api", "other").replace("suite", "second"))
    result = run("destinations list", config=folder)
    assert result.exit_code == 2
    assert (
        "b.yaml:6" in result.stderr and "already belongs to ‘acme-api’" in result.stderr and "a.yaml:6" in result.stderr
    )
