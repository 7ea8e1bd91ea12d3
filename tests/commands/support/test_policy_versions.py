"""Versions of a policy at the command line: compared, tried, taken back, kept in a folder."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.commands.conftest import on
from tests.commands.inputs import CONFIG, Run
from tests.samples.reviewing import event
from tests.samples.reviewing import installation as new_installation

from promptguard.audit.events import timestamp
from promptguard.commands.support.policy_versions import UNKNOWN
from promptguard.configuration.deciding_files import deciding_files
from promptguard.keys import Keys
from promptguard.policy.replay import Unknown
from promptguard.policy.versions import ConfigurationText, PolicyVersion
from promptguard.runtime.policy_history import periods
from promptguard.storage.sqlite.backend import SQLiteBackend

OWN = """
recognizers:
  - name: TicketNumber
    supported_entity: TICKET
    data_class: confidential_records
    patterns:
      - {name: Ticket, regex: '\\bTKT-\\d{6}\\b', score: 0.9}
    examples: {match: ['TKT-123456'], no_match: ['TKT-1']}
"""
RULES = '{id: all, action: %s, reason: "All."}'


def policy(action: str, version: str = "1") -> str:
    return f'version: "{version}"\nrules:\n  - {RULES % action}\n'


class Place:
    """An installation whose proxy has gone by some policies."""

    def __init__(self, folder: Path) -> None:
        self.config, self.data = folder / "config", folder / "data"
        self.config.mkdir()
        shutil.copytree(CONFIG / "notices", self.config / "notices")
        (self.config / "recognizers").mkdir()
        (self.config / "recognizers" / "own.yaml").write_text(OWN)
        (self.config / "destinations.yaml").write_text(
            "destinations:\n"
            "  - {id: openai-api, name: OpenAI API, hosts: [api.openai.com], kind: api, status: approved}\n"
        )
        self.run: Run = on(self.config, self.data)
        self.keys = Keys.load_or_create(self.data / "keys")
        self.hashes: list[str] = []
        SQLiteBackend.open(self.data / "promptguard.db").close()

    def goes_by(self, text: str) -> str:
        """A proxy takes this up; the hash of the version."""
        (self.config / "policy.yaml").write_text(text)
        version = ConfigurationText(f"{len(self.hashes)}" * 64, "1", deciding_files(self.config))
        moment = f"2026-03-0{len(self.hashes) + 1}T09:30:00.000Z"
        with closing(SQLiteBackend.open(self.data / "promptguard.db")) as backend:
            store = backend.policy_versions(self.keys.configuration)
            store.keep(version, "r", process="p", machine="here", now=moment)
        self.hashes.append(version.hash)
        return version.hash


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.goes_by(policy("block"))
    place.goes_by(policy("allow"))
    return place


def test_two_versions_are_compared(place: Place, tmp_path: Path) -> None:
    old, new = place.hashes
    told = place.run("policy diff", old[:12], new[:8])
    assert told.exit_code == 1
    assert told.output.startswith("rule ‘all’ changed: action block → allow\n")
    assert f"-  - {RULES % 'block'}" in told.output
    assert place.run("policy diff", new[:12]).exit_code == 0
    (tmp_path / "draft.yaml").write_text(policy("notify"))
    found = json.loads(place.run("policy diff", old[:12], str(tmp_path / "draft.yaml"), "--format", "json").output)
    assert found["differences"] == [{"kind": "changed", "what": "rule ‘all’", "detail": "action block → notify"}]


@pytest.mark.parametrize(
    ("name", "told"),
    [("0123456789", "No version begins"), ("#7", "There is no publication #7"), ("abc", "No version begins")],
)
def test_what_is_no_version_is_told(name: str, told: str, place: Place) -> None:
    result = place.run("policy diff", name)
    assert (result.exit_code, told in result.output) == (2, True)


def test_history_has_each_version(place: Place) -> None:
    lines = place.run("policy history").output.splitlines()
    assert [line[:12] for line in lines if not line.startswith(" ")] == [each[:12] for each in reversed(place.hashes)]
    assert "2026-03-02 09:30" in lines[0]
    versions = [json.loads(line) for line in place.run("policy history", "--format", "json").output.splitlines()]
    assert [each["publications"] for each in versions] == [[], []]


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ([("a", "1", "5")], [("1", "5")]),
        ([("a", "1", "2"), ("b", "2", "5")], [("1", "2")]),
        ([("a", "1", "9"), ("b", "3", "5")], [("1", "3"), ("5", "9")]),
        ([("a", "1", "9"), ("b", "3", "5"), ("c", "4", "6")], [("1", "3"), ("6", "9")]),
        ([("a", "1", "9"), ("b", "2", "3"), ("c", "5", "6")], [("1", "2"), ("3", "5"), ("6", "9")]),
        # Two proxies that had different ones at the same time: nobody went back.
        ([("a", "1", "4"), ("b", "3", "9")], [("1", "4")]),
    ],
)
def test_the_time_of_a_version_is_without_that_of_others_before_it_was_gone_back_to(
    seen: list[tuple[str, str, str]], told: list[tuple[str, str]]
) -> None:
    versions = [PolicyVersion(name, name, "1", first, last) for name, first, last in seen]
    assert periods(versions[0], versions) == told


def test_history_says_twice_from_when_to_when_what_was_gone_back_to(place: Place) -> None:
    place.goes_by(policy("block"))
    (entry,) = [
        line for line in place.run("policy history").output.splitlines() if line.startswith(place.hashes[0][:12])
    ]
    assert entry.endswith("2026-03-01 09:30 to 2026-03-02 09:30, 2026-03-02 09:30 to 2026-03-03 09:30 UTC")


def test_back_to_the_version_before_and_nothing_is_lost(place: Place) -> None:
    (place.config / "policy.yaml").write_text("rules: what I was about to write\n")
    assert place.run("policy rollback", "--to", place.hashes[1][:12]).exit_code == 0
    told = place.run("policy rollback")
    assert told.output.startswith("Went back: policy.yaml.\n"), told.output
    assert f"It is version {place.hashes[0][:12]} of" in told.output
    assert (place.config / "policy.yaml").read_text() == policy("block")
    copies = sorted((place.data / "before-rollback").rglob("policy.yaml"))
    assert "rules: what I was about to write\n" in [each.read_text() for each in copies]
    result = place.run("policy rollback")
    assert (result.exit_code, "no version before" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ai-policy.md", "Be careful.\n"),  # published with the policy, in a fleet
        ("ai-policy.txt", "Be careful.\n"),
        ("texts/ai-policy.md", "Be careful.\n"),
    ],
)
def test_the_document_that_people_acknowledge_stays_where_the_policy_goes_back(
    place: Place, name: str, text: str
) -> None:
    (place.config / name).parent.mkdir(exist_ok=True)
    (place.config / name).write_text(text)
    place.goes_by(f"acknowledgement: {{document: {name}}}\n{policy('block')}")
    place.goes_by(f"acknowledgement: {{document: {name}}}\n{policy('allow')}")
    told = place.run("policy rollback")
    assert told.output.startswith("Went back: policy.yaml.\n"), told.output
    assert (place.config / "policy.yaml").read_text().endswith(policy("block"))
    assert (place.config / name).read_text() == text


def test_a_version_that_cannot_be_used_any_more_is_not_gone_back_to(place: Place) -> None:
    (place.config / "policy.yaml").write_text("version: 1\n")
    with closing(SQLiteBackend.open(place.data / "promptguard.db")) as backend:
        bad = ConfigurationText("9" * 64, "1", {**deciding_files(place.config), "policy.yaml": "rules: 7\n"})
        backend.policy_versions(place.keys.configuration).keep(
            bad, "r", process="p", machine="here", now="2026-02-01T09:30:00.000Z"
        )
    (place.config / "policy.yaml").write_text(policy("allow"))
    result = place.run("policy rollback", "--to", bad.hash[:12])
    assert (result.exit_code, "policy.yaml:1" in result.output) == (2, True), result.output
    assert (place.config / "policy.yaml").read_text() == policy("allow")


def test_what_decides_is_pulled_and_only_changes_are_written(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    (folder / "recognizers").mkdir(parents=True)
    (folder / "recognizers" / "old.yaml").write_text("gone: true\n")
    (folder / "README.md").write_text("ours\n")
    told = place.run("policy pull", str(folder)).output.splitlines()
    written = ["destinations.yaml", "policy.yaml", "recognizers/own.yaml"]
    assert told == [*(f"written  {name}" for name in written), "removed  recognizers/old.yaml"]
    assert (folder / "policy.yaml").read_text() == policy("allow")
    assert (folder / "README.md").exists()
    assert place.run("policy pull", str(folder)).output == "Nothing has changed.\n"
    assert place.run("policy pull", str(folder), "--version", place.hashes[0][:12]).output == "written  policy.yaml\n"


def test_a_policy_is_tried_on_what_was_recorded(place: Place, tmp_path: Path) -> None:
    shutil.rmtree(place.data)
    with new_installation(place.data) as made:
        now = timestamp(datetime.now(UTC))
        ids = [made.record(event(now, found=["EMAIL_ADDRESS"], destination="openai-api"))[0].id for _ in range(3)]
    (tmp_path / "draft.yaml").write_text(policy("block"))
    told = place.run("policy try", str(tmp_path / "draft.yaml"), "--since", "1d")
    assert told.exit_code == 1, told.output
    assert told.output.startswith("Of 3 decisions since ")
    found = json.loads(place.run("policy try", str(tmp_path / "draft.yaml"), "--format", "json", "--decisions").output)
    (shift,) = found["shifts"]
    assert (shift["now"], shift["count"], sorted(shift["decisions"])) == ("block", 3, sorted(ids))
    assert (shift["tools"], shift["classes"]) == ({"openai-api": 3}, {"personal_data": 3})


def test_all_that_cannot_be_told_from_a_record_has_words() -> None:
    assert set(UNKNOWN) == set(Unknown)
