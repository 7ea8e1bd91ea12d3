from __future__ import annotations

from collections.abc import Sequence

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
    Prompt,
    Purpose,
    Role,
    Segment,
    Status,
)
from promptguard.reasons import Code, Reason

ANNA = Identity("anna", "p_1", frozenset({"support", "staff"}))
STRANGER = Identity("unknown", "p_0")


def at(
    *,
    identity: Identity = ANNA,
    id: str = "some-api",
    status: Status = Status.APPROVED,
    kind: Kind = Kind.API,
    purpose: Purpose = Purpose.PROMPT,
    inspection: Inspection = Inspection.INSPECTED,
    rewritable: bool = True,
) -> Circumstances:
    destination = Destination(id, "Some API", ("api.example.com",), kind, status)
    return Circumstances(identity, destination, purpose, inspection, "", rewritable)


def found(
    what: str = "EMAIL_ADDRESS",
    data_class: DataClass = DataClass.PERSONAL_DATA,
    *,
    score: float = 0.8,
    segment: int = 0,
    value: str = "v",
    detector: str = "EmailRecognizer",
) -> Finding:
    return Finding(segment, 0, 4, what, data_class, score, detector, f"fingerprint of {value}")


KEY = found("API_KEY", DataClass.CREDENTIALS, value="k", detector="Keys")
MAIL = found()
CODE = found("SOURCE", DataClass.SOURCE_CODE, value="c", detector="Documents")

PROMPT = Prompt(
    at().destination,
    Purpose.PROMPT,
    "generic",
    (Segment(("a",), "text", Role.USER), Segment(("b",), "text", Role.TOOL_RESULT)),
)

ONE_RULE = "- {id: one, when: {%s}, action: block, reason: R.}"


@pytest.mark.parametrize(
    ("when", "circumstances", "findings", "blocked"),
    [
        ("users: anna", at(), [], True),
        ("users: [ben, anna]", at(), [], True),
        ("users: ben", at(), [], False),
        ("groups: support", at(), [], True),
        ("groups: [sales, staff]", at(), [], True),
        ("groups: support", at(identity=STRANGER), [], False),
        ("destinations: some-api", at(), [], True),
        ("destinations: other", at(), [], False),
        ("status: [approved, unreviewed]", at(), [], True),
        ("status: unreviewed", at(), [], False),
        ("kind: api", at(), [], True),
        ("kind: web_chat", at(), [], False),
        ("purpose: telemetry", at(purpose=Purpose.TELEMETRY), [], True),
        ("purpose: telemetry", at(), [], False),
        ("inspection: not_inspected", at(inspection=Inspection.NOT_INSPECTED), [], True),
        ("inspection: not_inspected", at(), [], False),
        ("status: approved, kind: api, users: anna", at(), [], True),
        ("status: approved, kind: web_chat, users: anna", at(), [], False),
        ("data_classes: personal_data", at(), [MAIL], True),
        ("data_classes: personal_data", at(), [KEY], False),
        ("data_classes: personal_data", at(), [], False),
        ("entity_types: [API_KEY, PASSWORD]", at(), [MAIL, KEY], True),
        ("entity_types: PASSWORD", at(), [MAIL, KEY], False),
        ("detectors: Keys", at(), [KEY], True),
        ("detectors: Keys", at(), [MAIL], False),
        ("roles: tool_result", at(), [found(segment=1)], True),
        ("roles: tool_result", at(), [found(segment=0)], False),
        ("roles: other", at(), [found(segment=7)], True),
        ("min_score: 0.8", at(), [MAIL], True),
        ("min_score: 0.81", at(), [MAIL], False),
        ("findings: any", at(), [CODE], True),
        ("findings: any", at(), [], False),
        ("findings: none", at(), [], True),
        ("findings: none", at(), [CODE], False),
        ("min_count: 2", at(), [MAIL, KEY], True),
        ("min_count: 2, data_classes: personal_data", at(), [MAIL, KEY], False),
        ("min_count: 2, data_classes: personal_data", at(), [MAIL, found(value="w")], True),
        ("min_count: 2, data_classes: personal_data", at(), [MAIL, found(segment=1)], False),
        ("min_count: 2, min_score: 0.7", at(), [MAIL, found(value="w", score=0.6)], False),
        ("not: {users: anna}", at(), [], False),
        ("not: {users: ben}", at(), [], True),
        ("not: {groups: [staff, sales]}", at(), [], False),
        ("not: {groups: sales}", at(identity=STRANGER), [], True),
        ("status: approved, not: {purpose: [account, telemetry]}", at(), [], True),
        ("status: approved, not: {purpose: [account, telemetry]}", at(purpose=Purpose.ACCOUNT), [], False),
        ("data_classes: personal_data, not: {entity_types: EMAIL_ADDRESS}", at(), [MAIL], False),
        ("data_classes: personal_data, not: {entity_types: PERSON}", at(), [MAIL], True),
        ("not: {data_classes: credentials}", at(), [], False),
        ("not: {data_classes: credentials}", at(), [MAIL], True),
    ],
)
def test_conditions(
    policy, when: str, circumstances: Circumstances, findings: Sequence[Finding], blocked: bool
) -> None:
    decision = policy(ONE_RULE % when).decide(circumstances, findings, PROMPT)
    assert decision.action is (Action.BLOCK if blocked else Action.ALLOW)
    assert decision.rule == ("one" if blocked else "rest")
    assert decision.would is None


RULES = """
- {id: exempt, when: {data_classes: credentials, groups: support}, action: allow, reason: Exempt.}
- {id: keys, when: {data_classes: credentials}, action: block, reason: Keys.}
- {id: mail, when: {data_classes: personal_data, status: approved}, action: redact, reason: Mail., announce: true}
- {id: code, when: {data_classes: source_code}, action: notify, reason: Code.}
- {id: unread, when: {inspection: not_inspected}, action: block, reason: Unread.}
- {id: review, when: {status: under_review}, action: justify, reason: Review.}
"""


@pytest.mark.parametrize(
    ("circumstances", "findings", "action", "rule", "rulings"),
    [
        (at(), [], Action.ALLOW, "rest", []),
        (at(), [MAIL], Action.REDACT, "mail", ["mail"]),
        (at(), [MAIL, KEY], Action.REDACT, "mail", ["mail", "exempt"]),
        (at(identity=STRANGER), [MAIL, KEY], Action.BLOCK, "keys", ["mail", "keys"]),
        (at(), [CODE], Action.NOTIFY, "code", ["code"]),
        (at(), [CODE, MAIL], Action.REDACT, "mail", ["code", "mail"]),
        (at(status=Status.UNREVIEWED), [MAIL], Action.ALLOW, "rest", ["rest"]),
        (at(status=Status.UNDER_REVIEW), [MAIL], Action.JUSTIFY, "review", ["review"]),
        (at(status=Status.UNDER_REVIEW), [], Action.JUSTIFY, "review", []),
        (at(inspection=Inspection.NOT_INSPECTED), [], Action.BLOCK, "unread", []),
        (at(inspection=Inspection.NOT_INSPECTED), [MAIL], Action.BLOCK, "unread", ["mail"]),
        (at(identity=STRANGER, inspection=Inspection.NOT_INSPECTED), [KEY], Action.BLOCK, "keys", ["keys"]),
    ],
)
def test_first_match_for_a_finding_and_strictest_for_a_request(
    policy, circumstances: Circumstances, findings: list[Finding], action: Action, rule: str, rulings: list[str]
) -> None:
    decision = policy(RULES).decide(circumstances, findings, PROMPT)
    assert (decision.action, decision.rule) == (action, rule)
    assert [ruling.rule for ruling in decision.rulings] == rulings
    assert decision.announce is (action is Action.REDACT)


def test_the_reason_is_that_of_the_rule(policy) -> None:
    assert policy(RULES).decide(at(), [MAIL], PROMPT).reason == "Mail."


@pytest.mark.parametrize("action", ["redact", "block"])
def test_what_cannot_be_rewritten_is_blocked_in_place_of_redacted(policy, action: str) -> None:
    decision = policy(f"- {{id: mail, when: {{findings: any}}, action: {action}, reason: Mail.}}").decide(
        at(rewritable=False), [MAIL], PROMPT
    )
    assert decision.action is Action.BLOCK
    assert decision.rulings[0].action is Action.BLOCK
    adjusted = Reason(Code.DECISION_NOT_REWRITABLE) if action == "redact" else None
    assert (decision.reason, decision.adjusted) == ("Mail.", adjusted)
    assert (decision.rulings[0].reason, decision.rulings[0].adjusted) == ("Mail.", adjusted)


def test_monitor_mode_does_nothing_and_says_what_it_would_have_done(policy) -> None:
    decision = policy(RULES, head="mode: monitor").decide(at(identity=STRANGER), [MAIL, KEY], PROMPT)
    assert (decision.action, decision.would, decision.rule) == (Action.ALLOW, Action.BLOCK, "keys")
    assert [(ruling.action, ruling.enforced) for ruling in decision.rulings] == [
        (Action.REDACT, False),
        (Action.BLOCK, False),
    ]
    assert decision.announce is False


def test_monitor_mode_on_a_clean_request_says_nothing(policy) -> None:
    decision = policy(RULES, head="mode: monitor").decide(at(), [], PROMPT)
    assert (decision.action, decision.would) == (Action.ALLOW, None)


TRIAL = """
- {id: trial, mode: monitor, when: {data_classes: personal_data}, action: %s, reason: Trial.}
%s
"""
BELOW = "- {id: below, when: {data_classes: personal_data}, action: %s, reason: Below.}"


@pytest.mark.parametrize(
    ("trial", "below", "action", "would", "ruling"),
    [
        # Nothing below: what is being tried out is recorded.
        ("block", None, Action.ALLOW, Action.BLOCK, ("trial", False)),
        ("redact", None, Action.ALLOW, Action.REDACT, ("trial", False)),
        # A rule in force below is done all the same.
        ("block", "redact", Action.REDACT, Action.BLOCK, ("below", True)),
        ("allow", "block", Action.BLOCK, Action.ALLOW, ("below", True)),
        ("block", "block", Action.BLOCK, None, ("below", True)),
        ("block", "allow", Action.ALLOW, Action.BLOCK, ("trial", False)),
    ],
)
def test_trying_out_a_rule_never_weakens_those_in_force(
    policy, trial: str, below: str | None, action: Action, would: Action | None, ruling: tuple[str, bool]
) -> None:
    rules = TRIAL % (trial, BELOW % below if below else "")
    decision = policy(rules).decide(at(), [MAIL], PROMPT)
    assert (decision.action, decision.would) == (action, would)
    assert [(each.rule, each.enforced) for each in decision.rulings] == [ruling]


STAGED = """
- id: trial
  mode: monitor
  enforced_for: [pilots, legal]
  when: {data_classes: personal_data}
  action: block
  reason: Trial.
- {id: below, when: {data_classes: personal_data}, action: redact, reason: Below.}
"""


@pytest.mark.parametrize(
    ("groups", "action", "would", "ruling"),
    [
        ((), Action.REDACT, Action.BLOCK, ("below", True)),
        (("sales",), Action.REDACT, Action.BLOCK, ("below", True)),
        (("pilots",), Action.BLOCK, None, ("trial", True)),
        (("sales", "legal"), Action.BLOCK, None, ("trial", True)),
    ],
)
def test_a_rule_is_in_force_for_one_group_after_the_other(
    policy, groups: tuple[str, ...], action: Action, would: Action | None, ruling: tuple[str, bool]
) -> None:
    rules = policy(STAGED)
    identity = Identity("ada", "p_ada", frozenset(groups))
    for _ in range(2):
        decision = rules.decide(at(identity=identity), [MAIL], PROMPT)
        assert (decision.action, decision.would) == (action, would)
        assert [(each.rule, each.enforced) for each in decision.rulings] == [ruling]
    trial = policy(STAGED, head="mode: monitor")
    assert trial.decide(at(identity=identity), [MAIL], PROMPT).action is Action.ALLOW


def test_places_do_not_mix_up(policy) -> None:
    rules = policy(ONE_RULE % "status: unreviewed")
    for status, action in ((Status.UNREVIEWED, Action.BLOCK), (Status.APPROVED, Action.ALLOW)) * 2:
        assert rules.decide(at(status=status), [], None).action is action


def test_hash_is_of_the_contents(policy) -> None:
    one = policy("- {id: a, when: {status: approved}, action: block, reason: R.}")
    same = policy("# a comment\n- id: a\n  reason: R.\n  action: block\n  when:\n    status: [approved]")
    other = policy("- {id: a, when: {status: approved}, action: redact, reason: R.}".replace("redact", "notify"))
    assert one.hash == same.hash != other.hash
    assert len(one.hash) == 64
    assert one.version == "1"


def test_operators(policy) -> None:
    head = """
operators:
  CREDIT_CARD: {type: mask, chars_to_mask: 12}
  IBAN_CODE: {type: hash}
  PERSON: {type: placeholder}
  PHONE_NUMBER: {type: replace, new_value: a number}
  US_SSN: {type: redact}
  IP_ADDRESS: {type: encrypt}
"""
    operators = {name: (each.name, dict(each.params)) for name, each in policy("", head=head).operators.items()}
    assert operators == {
        "CREDIT_CARD": ("mask", {"masking_char": "*", "chars_to_mask": 12, "from_end": False}),
        "IBAN_CODE": ("hash", {"hash_type": "sha256"}),
        "PHONE_NUMBER": ("replace", {"new_value": "a number"}),
        "US_SSN": ("redact", {}),
        "IP_ADDRESS": ("encrypt", {}),
    }
