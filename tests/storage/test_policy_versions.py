from __future__ import annotations

from typing import Any

import pytest

from promptguard.policy.versions import ConfigurationText
from promptguard.storage.policy_versions import DatabasePolicyVersions

KEY = bytes(range(32))
T = "2026-03-0{}T09:30:00.000Z"


def text(rule: str, policy: str = "a") -> ConfigurationText:
    files = {"policy.yaml": f"rules: {rule} # Zoë\n", "recognizers/a.yaml": "x: 1\n"}
    return ConfigurationText(policy * 64, "3\0\ud800", files)


@pytest.fixture
def versions(installation: Any) -> DatabasePolicyVersions:
    return DatabasePolicyVersions(installation.database, KEY)


def keep(versions: DatabasePolicyVersions, what: ConfigurationText, ruleset: str, day: int, process: str = "1") -> None:
    versions.keep(what, ruleset, process=process, machine="m", now=T.format(day))


def test_a_decision_leads_to_what_decided(versions: DatabasePolicyVersions) -> None:
    first, again, other = text("one"), text("one, other services"), text("two", "b")
    keep(versions, first, "r1", 1)
    keep(versions, again, "r1", 3)
    keep(versions, other, "r2", 5)
    keep(versions, first, "r1", 7)
    asked = [("a", "r1", 2), ("a", "r1", 4), ("a", "r9", 8), ("a", "r1", 0), ("b", "r2", 6), ("c", "r1", 6)]
    found = [versions.of_decision(policy * 64, ruleset, T.format(day)) for policy, ruleset, day in asked]
    assert [each and each.hash for each in found] == [
        *(first.hash, again.hash, again.hash, first.hash, other.hash),
        None,
    ]
    assert versions.files(again.hash) == again.files
    assert [(each.hash, each.first_seen, each.last_seen) for each in versions.all()] == [
        (first.hash, T.format(1), T.format(7)),
        (other.hash, T.format(5), T.format(5)),
        (again.hash, T.format(3), T.format(3)),
    ]
    assert versions.all()[0].policy_name == "3??"


def test_which_process_runs_which(versions: DatabasePolicyVersions) -> None:
    keep(versions, text("one"), "r1", 1, "1")
    keep(versions, text("two", "b"), "r1", 2, "2")
    keep(versions, text("two", "b"), "r1", 3, "1")
    versions.still("2", T.format(4))
    runs = [(each.process, each.hash, each.since, each.seen) for each in versions.running(T.format(3))]
    two = text("two", "b").hash
    assert runs == [("1", two, T.format(3), T.format(3)), ("2", two, T.format(2), T.format(4))]
    versions.ended("1")
    assert [each.process for each in versions.running("")] == ["2"]
    assert versions.running(T.format(5)) == []


def test_who_has_the_database_alone_reads_nothing(versions: DatabasePolicyVersions, installation: Any) -> None:
    keep(versions, text("one"), "r1", 1)
    content = installation.ground.content()
    assert b"rules: one" not in content
    assert DatabasePolicyVersions(installation.database, bytes(32)).files(text("one").hash) is None
    assert versions.files("0" * 64) is None
