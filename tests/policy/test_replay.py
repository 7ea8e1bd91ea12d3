"""What a policy says of what was recorded, and what it says without knowing."""

from __future__ import annotations

from typing import Any

import pytest

from promptguard.model import Action, Kind
from promptguard.policy.policy import Policy
from promptguard.policy.replay import Unknown, likeness, replay, would_be
from promptguard.policy.schema import PolicyFile

KINDS = {"openai_api": Kind.API}
FOUND = {
    "segment": 70_000,
    "role": "user",
    "start": 0,
    "end": 5,
    "entity_type": "EMAIL_ADDRESS",
    "data_class": "personal_data",
    "score": 0.9,
    "detector": "EmailRecognizer",
    "fingerprint": "f" * 32,
}


def event(action: str = "redact", *, rule: str = "r", found: int = 1, **members: Any) -> dict[str, Any]:
    findings = [FOUND | {"fingerprint": f"{index:032}"} for index in range(found)]
    return {
        "destination": "openai_api",
        "destination_status": "approved",
        "pseudonym": "p_a",
        "groups": ["developers"],
        "purpose": "prompt",
        "inspection": "inspected",
        "format": "openai_chat",
        "findings": findings,
        "action": action,
        "rule": rule,
        "reason": "x",
        "adjusted": "",
        **members,
    }


def policy(*rules: dict[str, Any], last: str = "allow") -> Policy:
    entries = [{"reason": "x", **rule} for rule in (*rules, {"id": "last", "action": last})]
    return Policy(PolicyFile.model_validate({"version": "1", "rules": entries}, strict=False))


BLOCK = {"id": "mail", "when": {"entity_types": ["EMAIL_ADDRESS"]}, "action": "block"}
REDACT = {**BLOCK, "action": "redact"}
MANY = {**BLOCK, "when": {"entity_types": ["EMAIL_ADDRESS"], "min_count": 2}}
WHO = {"id": "ann", "when": {"users": ["ann"]}, "action": "block"}
NOT_WHO = {"id": "others", "when": {"not": {"users": ["ann"]}}, "action": "block"}
GROUP = {"id": "group", "when": {"groups": ["developers"]}, "action": "block"}
TOLD = {"id": "told", "when": {"roles": ["tool_result"]}, "action": "block"}
TRAINS = {"id": "trains", "when": {"provider": {"trains_on_prompts": ["yes"]}}, "action": "block"}
ELSEWHERE = {**TRAINS, "when": {**TRAINS["when"], "status": ["unreviewed"]}}  # type: ignore[dict-item]
UNSAID = {"id": "unsaid", "when": {"provider": {"trains_on_prompts": ["unknown"]}}, "action": "block"}
NO_TOOL = {"id": "tool", "when": {"status": ["approved"]}, "action": "block"}
RETURNED = "decision.returned"


@pytest.mark.parametrize(
    ("rules", "recorded", "action", "rule", "unknown"),
    [
        ([BLOCK], event(), "block", "mail", []),
        ([BLOCK], event(found=0), "allow", "last", []),
        ([MANY], event(), "allow", "last", []),
        ([MANY], event(found=2), "block", "mail", []),
        ([REDACT], event(), "redact", "mail", []),
        ([REDACT], event("block"), "redact", "mail", [Unknown.REWRITING]),
        ([REDACT], event("block", adjusted="decision.not_rewritable"), "block", "mail", []),
        ([REDACT], event("block", adjusted="decision.file_not_rewritable kind=pdf"), "block", "mail", []),
        ([BLOCK], event(adjusted=RETURNED), "redact", "mail", [Unknown.HISTORY]),
        ([], event(destination="gone"), "allow", "last", [Unknown.KIND]),
        ([WHO], event(), "allow", "last", [Unknown.PERSON]),
        ([NOT_WHO], event(), "block", "others", [Unknown.PERSON]),
        ([GROUP], event(), "block", "group", []),
        ([TOLD], event(), "allow", "last", []),
        ([TRAINS], event(data_handling=["trains_on_prompts=yes"]), "block", "trains", []),
        ([TRAINS], event(data_handling=["region=EU", "trains_on_prompts=no"]), "allow", "last", []),
        ([TRAINS], event(data_handling=[]), "allow", "last", []),
        ([UNSAID], event(data_handling=["agreement=yes", "retention_days=30"]), "block", "unsaid", []),
        # Ordered beside the policy, whatever that says.
        ([], event("block", rule="stop:or-1"), "block", "stop:or-1", []),
        ([REDACT], event("block", rule="suspension:or-1"), "block", "suspension:or-1", []),
        ([], event("allow", rule="exception:or-1"), "allow", "last", []),
        ([BLOCK], event("allow", rule="exception:or-1"), "allow", "exception:or-1", [Unknown.EXCEPTION]),
        ([BLOCK], event("redact", rule="exception:or-1"), "redact", "exception:or-1", [Unknown.EXCEPTION]),
        ([NO_TOOL], event("allow", rule="exception:or-1"), "block", "tool", []),
        # A rule that is only called so.
        ([BLOCK], event("allow", rule="stop"), "block", "mail", []),
        # Recorded before it was.
        ([TRAINS], event(), "allow", "last", [Unknown.PROVIDER]),
        ([UNSAID], event(), "block", "unsaid", [Unknown.PROVIDER]),
        ([ELSEWHERE], event(), "allow", "last", []),
    ],
)
def test_what_it_says(rules: Any, recorded: Any, action: str, rule: str, unknown: list[Unknown]) -> None:
    said = replay(policy(*rules), recorded, KINDS)
    assert (said.action, said.rule, said.unknown) == (action, rule, frozenset(unknown))


@pytest.mark.parametrize(("document", "action"), [("ai-policy.md", "block"), ("", "allow")])
def test_who_has_not_acknowledged_is_held_where_the_policy_asks_for_it(document: str, action: str) -> None:
    rules = [{"id": "last", "action": "allow", "reason": "x"}]
    file = {"version": "1", "acknowledgement": {"document": document}, "rules": rules}
    now = Policy(PolicyFile.model_validate(file, strict=False))
    assert replay(now, event("block", rule="acknowledgement", found=0), KINDS).action == action


@pytest.mark.parametrize(
    ("recorded", "then", "now", "action", "is_one"),
    [
        (event("redact"), [REDACT], [REDACT], "redact", False),
        (event("redact"), [REDACT], [BLOCK], "block", True),
        (event("redact"), None, [BLOCK], "block", True),
        # More had a part in it than the record has: what both policies say of it stays as it was.
        (event("block"), [REDACT], [REDACT], "block", False),
        (event("block"), [REDACT], [], "allow", True),
    ],
)
def test_what_would_change(recorded: Any, then: Any, now: Any, action: str, is_one: bool) -> None:
    before = None if then is None else policy(*then)
    changed = would_be(recorded, policy(*now), before, KINDS)
    assert (changed.now.action, changed.is_one) == (action, is_one)


@pytest.mark.parametrize(
    "broken",
    [
        {"findings": None},
        {"purpose": "x"},
        {"findings": [{}]},
        {"groups": 1},
        {"destination_status": ""},
        {"data_handling": ["x"]},
        {"data_handling": ["retention_days=x"]},
    ],
)
def test_a_damaged_event_is_told(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replay(policy(), event(**broken), KINDS)


def test_actions_are_compared_as_they_are_written() -> None:
    assert not would_be(event("allow", found=0), policy(), None, KINDS).is_one
    assert str(Action.ALLOW) == "allow"


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({}, True),
        ({"id": "pg-2", "time": "2027", "pseudonym": "p_bob", "segments": 9}, True),
        ({"destination": "other"}, False),
        ({"groups": ["legal"]}, False),
        ({"inspection": "not_inspected"}, False),
        ({"policy_hash": "9"}, False),
        ({"data_handling": None}, True),
        ({"data_handling": []}, False),
        ({"data_handling": ["agreement=no"]}, False),
        ({"action": "block"}, False),
        ({"adjusted": "decision.returned"}, False),
    ],
)
def test_what_is_alike(change: dict[str, object], alike: bool) -> None:
    before = event(policy_hash="1", reason="Why.")
    assert (likeness({**before, **change}) == likeness(before)) is alike


@pytest.mark.parametrize(
    ("first", "second", "alike"), [("ab", "cd", True), ("aa", "cc", True), ("aa", "cd", False), ("ab", "a", False)]
)
def test_which_values_they_were_does_not_matter_but_how_many(first: str, second: str, alike: bool) -> None:
    both = [
        event(policy_hash="1", reason="Why.") | {"findings": [FOUND | {"fingerprint": each} for each in values]}
        for values in (first, second)
    ]
    assert (likeness(both[0]) == likeness(both[1])) is alike
