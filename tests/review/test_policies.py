from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from promptguard.errors import ConfigError
from promptguard.model import Action, Kind
from promptguard.policy.versions import POLICY_FILE, ConfigurationText
from promptguard.review.accounts import NotPossible
from promptguard.review.policies import MASK, Policies, compared, draft_of, policy_of, without_people

ALLOW = 'version: "1"\nrules:\n  - {id: all, action: allow, reason: All may.}\n'
BLOCK = ALLOW.replace("allow", "block").replace('"1"', '"2"')
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.fixture
def policies(installation: Any) -> Policies:
    store = installation.backend.policy_versions(installation.keys.configuration)
    return Policies(store, ALLOW, {"openai_api": Kind.API}, lambda: NOW)


def keep(installation: Any, text: str, now: str, hash: str, process: str = "1-a") -> str:
    kept = ConfigurationText(hash, policy_of(text).version, {POLICY_FILE: text})
    store = installation.backend.policy_versions(installation.keys.configuration)
    store.keep(kept, "1" * 16, process=process, machine="m", now=now)
    return kept.hash


def test_what_is_in_force_is_what_was_taken_up_last_of_what_runs(policies: Policies, installation: Any) -> None:
    assert (policies.in_force().version, policies.in_force().policy.version) == (None, "1")
    keep(installation, BLOCK, "2026-03-09T08:59:30.000Z", "2" * 64)
    keep(installation, ALLOW, "2026-03-09T08:59:00.000Z", "0" * 64, "2-b")
    assert policies.in_force().policy.version == "2"
    installation.backend.policy_versions(installation.keys.configuration).ended("1-a")
    assert policies.in_force().policy.version == "1"


def test_a_decision_leads_to_its_policy_and_to_what_today_s_would_say(
    policies: Policies, installation: Any, make_event: Any
) -> None:
    keep(installation, ALLOW, "2026-02-01T00:00:00.000Z", "0" * 64)
    hash = keep(installation, BLOCK, "2026-03-09T08:59:30.000Z", "2" * 64)
    (event,) = installation.record(make_event(rule="all"))
    members = {name: getattr(event, name) for name in event.__slots__}
    then = policies.that_decided(members)
    assert then is not None and then[1].version == "1"
    today = policies.today(members)
    assert today is not None and (today.was, today.now.action, today.is_one) == ("allow", "block", True)
    assert policies.in_force().version.hash == hash  # type: ignore[union-attr]


def test_a_policy_is_tried_on_what_was_recorded(policies: Policies, installation: Any, make_event: Any) -> None:
    events = installation.record(
        *(make_event(rule="all", person=f"p_{number}") for number in range(3)),
        make_event(action=Action.BLOCK, rule="gone"),
    )
    trial = policies.try_on(policy_of(BLOCK), installation.store, 1000)
    assert (trial.tried, trial.changed) == (4, 3)
    (shift,) = trial.shifts
    assert (shift.was, shift.now, shift.now_rule, shift.count) == ("allow", "block", "all", 3)
    assert list(shift.examples) == [event.id for event in reversed(events[:3])]
    assert policies.try_on(policy_of(ALLOW), installation.store, 2).tried == 2


@pytest.mark.parametrize(("persons", "count"), [(4, None), (5, 5)])
def test_a_rule_about_certain_people_tells_nothing_of_a_few(
    persons: int, count: int | None, policies: Policies, installation: Any, make_event: Any
) -> None:
    installation.record(*(make_event(person=f"p_{number}", groups=["hr"]) for number in range(persons)))
    draft = BLOCK.replace("rules:\n", "rules:\n  - {id: hr, when: {groups: hr}, action: justify, reason: x}\n")
    draft = draft.replace("action: block", "action: allow")
    trial = policies.try_on(draft_of(draft), installation.store, 1000)
    (shift,) = trial.shifts
    assert (shift.count, len(shift.examples), trial.changed) == (count, 5 if count else 0, count or 0)


@pytest.mark.parametrize(("persons", "count"), [(1, None), (5, 5)])
def test_nor_does_a_draft_without_it(
    persons: int, count: int | None, policies: Policies, installation: Any, make_event: Any
) -> None:
    then = ALLOW.replace("rules:\n", "rules:\n  - {id: few, when: {groups: hr}, action: block, reason: x}\n")
    keep(installation, then, "2026-02-01T00:00:00.000Z", "0" * 64)
    few = {"action": Action.BLOCK, "rule": "few", "groups": ["hr"]}
    installation.record(*(make_event(person=f"p_{number}", **few) for number in range(persons)))
    (shift,) = policies.try_on(draft_of(ALLOW), installation.store, 1000).shifts
    assert (shift.was_rule, shift.count) == ("few", count)


@pytest.mark.parametrize(("persons", "count"), [(1, None), (5, 5)])
def test_nor_does_a_rule_that_has_whom_another_one_leaves(
    persons: int, count: int | None, policies: Policies, installation: Any, make_event: Any
) -> None:
    others = [make_event(person=f"q_{number}", groups=["hr"]) for number in range(9)]
    installation.record(*others, *(make_event(person=f"p_{number}") for number in range(persons)))
    draft = BLOCK.replace("rules:\n", "rules:\n  - {id: hr, when: {groups: hr}, action: allow, reason: x}\n")
    (shift,) = policies.try_on(draft_of(draft), installation.store, 1000).shifts
    assert (shift.now_rule, shift.count) == ("all", count)


def test_one_is_tried_at_a_time_and_not_for_ever(
    policies: Policies, installation: Any, make_event: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = installation.record(*(make_event(rule="all") for _ in range(3)))
    with policies._trying, pytest.raises(NotPossible, match="at the moment"):
        policies.try_on(policy_of(BLOCK), installation.store, 1000)
    assert policies.try_on(policy_of(BLOCK), installation.store, 1000).until == ""
    monkeypatch.setattr("promptguard.review.policies.MAX_TRIAL_SECONDS", -1.0)
    trial = policies.try_on(policy_of(BLOCK), installation.store, 1000)
    assert (trial.tried, trial.until) == (0, events[0].time)


def test_nobody_finds_out_who_it_was_by_a_draft(policies: Policies, installation: Any, make_event: Any) -> None:
    installation.record(make_event(person=installation.keys.pseudonym("alice")))
    draft = BLOCK.replace("rules:\n", "rules:\n  - {id: a, when: {users: alice}, action: justify, reason: x}\n")
    trial = policies.try_on(draft_of(draft), installation.store, 1000)
    assert [shift.now for shift in trial.shifts] == ["block"]
    assert trial.unknown["person"] == 1


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ("", "version"),
        ("rules: [", "YAML"),
        ("a: &a [1]\nb: *a\n", "aliases"),
        ("[" * 60_000, "within each other"),
        (ALLOW.replace("allow", "alow"), "allow"),
    ],
)
def test_mistakes_in_a_draft_are_explained(draft: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        draft_of(draft)


def test_names_of_people_are_masked() -> None:
    text = BLOCK.replace(
        "rules:\n", "rules:\n  - {id: a, when: {users: [ann, annabel]}, action: block, reason: Of Ann.}\n"
    )
    masked = without_people(text)
    assert f"users: [{MASK}, {MASK}]" in masked
    assert "ann" not in masked.lower()


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        (r'"ACME\\jane"', MASK),
        ("ACME\\jane", MASK),
        ("'jane o''neil'", MASK),
        (r'["j\x61ne", "ü", b\ob]', f'[{MASK}, "{MASK}", {MASK}]'),
        (">-\n        jane\n        roe", f"{MASK}"),
        ("jane\n        roe", MASK),
        ("[&who jane]", f"[&who {MASK}]"),
    ],
)
def test_names_are_masked_however_they_are_written(written: str, masked: str) -> None:
    rule = f"  - id: a\n    when:\n      users: {written}\n    action: block\n    reason: x\n"
    text = BLOCK.replace("rules:\n", f"rules: # äöü\n{rule}")
    found = without_people(text).partition("users: ")[2].partition("\n    action")[0]
    assert found.strip("\"'") == masked


def test_two_versions_side_by_side() -> None:
    old = {POLICY_FILE: "\n".join(f"line {number}" for number in range(20)), "a.yaml": "x\n", "same.yaml": "y\n"}
    new = {POLICY_FILE: old[POLICY_FILE].replace("line 10", "other\nmore"), "same.yaml": "y\n", "b.yaml": "z\n"}
    policy, removed, added = compared(old, new)
    assert [line.kind for line in policy.lines] == ["gap", *["same"] * 3, "changed", "added", *["same"] * 3]
    assert [(line.old, line.new) for line in policy.lines[4:6]] == [("line 10", "other"), ("", "more")]
    assert [(each.name, each.lines[0].kind) for each in (removed, added)] == [
        ("a.yaml", "removed"),
        ("b.yaml", "added"),
    ]
    assert compared(old, old) == []
