"""What the shipped policy does, as a table: data class and place to action."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Destination,
    Finding,
    Identity,
    Inspection,
    Kind,
    Purpose,
    Status,
)
from promptguard.policy.lint import lint
from promptguard.policy.policy import Policy
from promptguard.policy.schema import Mode, PolicyFile
from promptguard.typed_yaml.reading import load

APPROVED = (Status.APPROVED, Status.APPROVED_WITH_LIMITS)
UNAPPROVED = (Status.UNDER_REVIEW, Status.UNREVIEWED)
PARTLY = (Kind.EMBEDDED, Kind.MEETING, Kind.WRITING)
PUBLIC = tuple(kind for kind in Kind if kind not in PARTLY)
PROMPTS = (Purpose.PROMPT, Purpose.UPLOAD)
ALL = tuple(DataClass)

A, R, B = Action.ALLOW, Action.REDACT, Action.BLOCK

# Data class: what is done at (approved, unapproved) tools with prompts and uploads, with telemetry, with account pages.
TABLE = {
    DataClass.PERSONAL_DATA: ((R, B), (R, R), (R, B)),
    DataClass.CREDENTIALS: ((B, B), (B, B), (B, B)),
    DataClass.TENANT_DATA: ((B, B), (B, B), (B, B)),
    DataClass.ACCESS_LOGS: ((R, B), (R, B), (R, B)),
    DataClass.CONFIDENTIAL_RECORDS: ((R, B), (R, B), (R, B)),
    DataClass.SOURCE_CODE: ((A, B), (A, B), (A, B)),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy(load(Path(__file__).parents[2] / "config" / "policy.yaml", PolicyFile))


def at(
    status: Status,
    kind: Kind = Kind.WEB_CHAT,
    purpose: Purpose = Purpose.PROMPT,
    inspection: Inspection = Inspection.INSPECTED,
    *,
    rewritable: bool = True,
) -> Circumstances:
    destination = Destination("tool", "Tool", ("tool.example",), kind, status)
    return Circumstances(Identity("unknown", "p_0"), destination, purpose, inspection, "", rewritable)


def found(data_class: DataClass, entity_type: str = "SOMETHING") -> Finding:
    return Finding(0, 0, 4, entity_type, data_class, 0.6, "Detector", f"fingerprint of {data_class}")


@pytest.mark.parametrize("kind", PUBLIC)
@pytest.mark.parametrize(("approved", "statuses"), [(0, APPROVED), (1, UNAPPROVED)])
@pytest.mark.parametrize(
    ("column", "purposes"), [(0, PROMPTS), (1, (Purpose.TELEMETRY,)), (2, (Purpose.ACCOUNT,))], ids=str
)
@pytest.mark.parametrize("data_class", ALL)
def test_what_is_found(
    policy: Policy,
    data_class: DataClass,
    column: int,
    purposes: tuple[Purpose, ...],
    approved: int,
    statuses: tuple[Status, ...],
    kind: Kind,
) -> None:
    expected = TABLE[data_class][column][approved]
    for status in statuses:
        for purpose in purposes:
            decision = policy.decide(at(status, kind, purpose), [found(data_class)], None)
            assert decision.action is expected
            assert decision.rulings[0].action is expected


@pytest.mark.parametrize("status", [*APPROVED, *UNAPPROVED])
@pytest.mark.parametrize(
    ("data_class", "entity_type"),
    [
        (DataClass.PERSONAL_DATA, "EMAIL_ADDRESS"),
        (DataClass.PERSONAL_DATA, "PERSON"),
        (DataClass.PERSONAL_DATA, "PHONE_NUMBER"),
        (DataClass.CREDENTIALS, "PASSWORD"),
        (DataClass.CREDENTIALS, "JWT"),
        (DataClass.CREDENTIALS, "API_KEY"),
    ],
)
def test_signing_in_is_possible(policy: Policy, data_class: DataClass, entity_type: str, status: Status) -> None:
    """And nothing else is let through there: neither a card nor the key of a cloud."""
    decision = policy.decide(at(status, Kind.API, Purpose.ACCOUNT), [found(data_class, entity_type)], None)
    assert (decision.action, decision.rulings[0].rule) == (A, "own-account")


@pytest.mark.parametrize("data_class", [DataClass.PERSONAL_DATA, DataClass.ACCESS_LOGS, DataClass.CONFIDENTIAL_RECORDS])
def test_what_cannot_be_rewritten_is_blocked(policy: Policy, data_class: DataClass) -> None:
    circumstances = at(Status.APPROVED, Kind.API, rewritable=False)
    assert policy.decide(circumstances, [found(data_class)], None).action is Action.BLOCK


@pytest.mark.parametrize("status", [*APPROVED, *UNAPPROVED])
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("kind", list(Kind))
def test_prompts_with_nothing_in_them_pass(policy: Policy, status: Status, purpose: Purpose, kind: Kind) -> None:
    assert policy.decide(at(status, kind, purpose), [], None).action is Action.ALLOW


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("inspection", list(Inspection))
@pytest.mark.parametrize("findings", [[], [found(DataClass.PERSONAL_DATA)]], ids=["nothing", "something"])
def test_prohibited_tools_are_blocked_whatever_is_in_it(
    policy: Policy, purpose: Purpose, inspection: Inspection, findings: list[Finding]
) -> None:
    decision = policy.decide(at(Status.PROHIBITED, Kind.LOCAL_MODEL, purpose, inspection), findings, None)
    assert (decision.action, decision.rule) == (Action.BLOCK, "prohibited-tool")


@pytest.mark.parametrize("status", [*APPROVED, *UNAPPROVED])
@pytest.mark.parametrize(
    ("purpose", "action"),
    [(Purpose.PROMPT, B), (Purpose.UPLOAD, B), (Purpose.ACCOUNT, A), (Purpose.TELEMETRY, A)],
)
def test_what_could_not_be_inspected(policy: Policy, status: Status, purpose: Purpose, action: Action) -> None:
    circumstances = at(status, Kind.API, purpose, Inspection.NOT_INSPECTED)
    assert policy.decide(circumstances, [], None).action is action


@pytest.mark.parametrize("data_class", ALL)
@pytest.mark.parametrize("kind", PARTLY)
@pytest.mark.parametrize("purpose", [Purpose.ACCOUNT, Purpose.TELEMETRY])
def test_the_tool_around_the_ai_is_left_alone(
    policy: Policy, data_class: DataClass, purpose: Purpose, kind: Kind
) -> None:
    decision = policy.decide(at(Status.UNREVIEWED, kind, purpose), [found(data_class)], None)
    assert decision.action is Action.ALLOW


@pytest.mark.parametrize("data_class", ALL)
@pytest.mark.parametrize(("approved", "status"), [(0, Status.APPROVED_WITH_LIMITS), (1, Status.UNREVIEWED)])
@pytest.mark.parametrize("kind", PARTLY)
def test_the_ai_itself_is_a_tool_like_any_other(
    policy: Policy, data_class: DataClass, approved: int, status: Status, kind: Kind
) -> None:
    decision = policy.decide(at(status, kind), [found(data_class)], None)
    assert decision.action is TABLE[data_class][0][approved]


def test_every_rule_has_its_sentence(policy: Policy) -> None:
    assert [rule.id for rule in policy.rules if '"' not in rule.source or not rule.reason.endswith(".")] == []


def test_nothing_is_doubtful(policy: Policy) -> None:
    assert policy.mode is Mode.ENFORCE
    assert lint(policy) == []
