from __future__ import annotations

from dataclasses import replace

from promptguard.model import (
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
from promptguard.policy.explain import explain
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.policy.standing import PolicyUnderOrders, Standing
from promptguard.reasons import Reason

PLACE = Circumstances(
    Identity("anna", "p_1"), Destination("some", "Some Tool", ("some.example",), Kind.API, Status.APPROVED)
)
PROMPT = Prompt(PLACE.destination, Purpose.PROMPT, "generic", (Segment((), "anna@example.org", Role.USER),))


def found(value: str = "v", score: float = 0.8) -> Finding:
    return Finding(0, 0, 16, "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, score, "EmailRecognizer", value)


RULES = """
- {id: elsewhere, when: {status: unreviewed}, action: block, reason: Elsewhere.}
- {id: many, when: {data_classes: personal_data, min_count: 3}, action: block, reason: Many.}
- {id: trial, mode: monitor, when: {data_classes: personal_data}, action: block, reason: Trial.}
- {id: mail, when: {data_classes: personal_data}, action: redact, reason: Mail., source: "Policy: \\"No mail.\\""}
- {id: clean, when: {findings: none}, action: allow, reason: Clean.}
"""


def test_a_finding(policy) -> None:
    lines = explain(policy(RULES), PLACE, [found("v"), found("w")], PROMPT)
    text = "\n".join(lines)
    assert lines[0] == (
        "The request to Some Tool (approved) is sent with values replaced, rule ‘mail’: Mail. With all rules "
        "enforced it would be blocked."
    )
    assert (
        "Finding 1: EMAIL_ADDRESS (personal_data), characters 0 to 16 of text 1 (user), score 0.80, found by "
        "EmailRecognizer: replaced by ‘mail’." in lines
    )
    way = lines[lines.index(next(line for line in lines if line.startswith("Finding 1"))) + 1 :]
    assert way[:6] == [
        "  passed over ‘elsewhere’: the tool's status is approved, not unreviewed",
        "  passed over ‘many’: there are 2 such values, fewer than 3",
        "  matched ‘trial’: block. Trial.",
        "    In monitor mode: recorded, and left to the rules below.",
        "  matched ‘mail’: redact. Mail.",
        '    From the policy: Policy: "No mail."',
    ]
    assert "  For the same reasons as finding 1." in lines
    assert "passed over ‘clean’: it is about requests with nothing in them" in text
    assert "  matched ‘rest’: allow. The rest." in lines
    assert "anna" not in text


def test_findings_that_differ_are_explained_each(policy) -> None:
    lines = explain(policy(RULES), PLACE, [found("v"), found("w", 0.5)], PROMPT)
    assert sum(line.startswith("  matched ‘mail’") for line in lines) == 2


def test_a_clean_request(policy) -> None:
    lines = explain(policy(RULES), PLACE, [], PROMPT)
    assert lines[0] == "The request to Some Tool (approved) is allowed, rule ‘clean’: Clean."
    assert lines[-1] == "  matched ‘clean’: allow. Clean."


def test_a_request_that_could_not_be_read(policy) -> None:
    unread = Circumstances(
        PLACE.identity, PLACE.destination, inspection=Inspection.NOT_INSPECTED, problem=Reason("file.encrypted")
    )
    rules = "- {id: unread, when: {inspection: not_inspected}, action: block, reason: Unread.}"
    lines = explain(policy(rules), unread, [], None)
    assert lines[0].endswith("is blocked, rule ‘unread’: Unread. It could not be inspected. file.encrypted")


def test_languages_that_are_not_covered(policy) -> None:
    rules = "- {id: language, when: {language: not_covered}, action: notify, reason: Take care with names.}"
    abroad = replace(PLACE, uncovered_languages=("km", "pl"))
    lines = explain(policy(rules), abroad, [], PROMPT)
    assert lines[0].endswith("‘language’: Take care with names. Names of persons are not found reliably in: km, pl.")
    assert "  passed over ‘language’: the request's language is covered, not not_covered" in explain(
        policy(rules), PLACE, [], PROMPT
    )


def test_monitor_mode(policy) -> None:
    lines = explain(policy(RULES, head="mode: monitor"), PLACE, [found()], PROMPT)
    assert any(line.endswith("blocked (not enforced: monitor mode) by ‘trial’.") for line in lines)


def test_what_is_decided_by_orders_is_said_before_the_rules(policy) -> None:
    scope = {"groups": ["staff"], "destinations": [PLACE.destination.id], "data_classes": ["personal_data"]}
    now, then = "2026-03-01T00:00:00.000Z", "2026-03-09T00:00:00.000Z"
    order = Order(
        "or-1",
        OrderKind.EXCEPTION,
        OrderState.IN_FORCE,
        {**scope, "action": "allow"},
        "For the pilot.",
        "a1",
        "Ann",
        now,
        (Approval("a2", "Bob", now),),
        then,
    )
    rules = policy(RULES)
    place = replace(PLACE, identity=replace(PLACE.identity, groups=frozenset({"staff"})))
    under = PolicyUnderOrders(rules, Standing.of([order], now), now)
    lines = explain(rules, place, [found("v")], PROMPT, lambda reason: f"[{reason}]", under=under)
    assert lines[0].startswith(
        "The request to Some Tool (approved) is allowed, rule ‘exception:or-1’: For the pilot. ["
    )
    assert "Decided under: or-1." in lines
    assert "  [order.exception order=or-1] Without it:" in lines
    assert "  matched ‘mail’: redact. Mail." in lines


def test_what_is_known_of_a_provider_is_told(policy) -> None:
    rule = "- {id: trains, when: {provider: {trains_on_prompts: [yes, unknown]}}, action: block, reason: Why.}"
    said = {"provider.training_unknown": "Nobody knows."}
    lines = explain(policy(rule), PLACE, [], PROMPT, lambda reason: said[str(reason)])
    assert lines[0] == "The request to Some Tool (approved) is blocked, rule ‘trains’: Why. Nobody knows."
