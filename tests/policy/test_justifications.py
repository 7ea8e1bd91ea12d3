from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.model import Action, Circumstances, DataClass, Destination, Finding, Identity, Kind, Status
from promptguard.policy.justifications import (
    COMMAND,
    Codes,
    Granted,
    Held,
    Justification,
    JustificationState,
    granted,
)
from promptguard.policy.justifying import GrantScope, Justifications
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile

KEY = bytes(range(32))
NOW = "2026-03-01T09:30:00.000Z"
HELD = Justification("j-1", "pg-1", "s", "openai-api", Held(frozenset({"f1"}), frozenset({"why"}), "c1"), NOW)
WAITING = replace(HELD, code="h", code_expires="2026-03-01T09:40:00.000Z")


def a_policy(*rules: str, never: str = "[]") -> Policy:
    text = f'{{"version": "1", "justifications": {{"never": {never}}}, "rules": [{", ".join(rules)}]}}'
    return Policy(PolicyFile.model_validate_json(text))


DATA = '{"id": "why", "when": {"data_classes": ["personal_data"]}, "action": "justify", "reason": "x"}'
TOOL = '{"id": "why", "when": {"destinations": ["a"]}, "action": "justify", "reason": "x"}'
REST = '{"id": "rest", "action": "allow", "reason": "x"}'


def finding(fingerprint: str) -> Finding:
    return Finding(0, 0, 1, "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 0.9, "d", fingerprint)


@given(st.text(min_size=1, max_size=20))
def test_codes_are_known_again_by_whom_they_are_for_alone(pseudonym: str) -> None:
    codes = Codes(KEY)
    code = codes.make(pseudonym)
    assert COMMAND.fullmatch(f"pg-allow {code}")
    assert codes.is_own(pseudonym, code) and codes.is_own(pseudonym, code.upper().replace("-", ""))
    assert not codes.is_own(pseudonym + "x", code)
    assert not Codes(bytes(32)).is_own(pseudonym, code)
    assert codes.hash(code) == codes.hash(code.replace("-", "")) != codes.hash(codes.make(pseudonym))
    assert len(codes.text_key(code)) == 32


@pytest.mark.parametrize(
    ("one", "now", "by_code", "on_page"),
    [
        (WAITING, NOW, True, True),
        (WAITING, "2026-03-01T09:40:00.000Z", False, True),
        (HELD, NOW, False, True),
        (replace(WAITING, genuine=False), NOW, False, False),
        (replace(WAITING, state=JustificationState.GIVEN), NOW, False, False),
        (replace(WAITING, state=JustificationState.ENDED), NOW, False, False),
    ],
)
def test_how_long_a_reason_can_be_given(one: Justification, now: str, by_code: bool, on_page: bool) -> None:
    assert (one.waits(now, by_code=True), one.waits(now, by_code=False)) == (by_code, on_page)


@pytest.mark.parametrize(
    ("scope", "until"),
    [
        (GrantScope.FINDING, "2026-03-02T09:30:00.000Z"),
        (GrantScope.CONVERSATION, "2026-03-02T09:30:00.000Z"),
        (GrantScope.MINUTES, "2026-03-01T10:00:00.000Z"),
    ],
)
def test_how_long_it_holds_is_the_policys_word(scope: GrantScope, until: str) -> None:
    one = granted(HELD, Justifications(), scope, NOW)
    assert (one.given, one.until) == (NOW, until)
    assert one.holds(NOW) and not one.holds(until)
    assert not replace(one, genuine=False).holds(NOW)


@pytest.mark.parametrize(
    ("scope", "rule", "fingerprint", "conversations", "covered"),
    [
        (GrantScope.FINDING, DATA, "f1", (), True),
        (GrantScope.FINDING, DATA, "f2", ("c1",), False),
        (GrantScope.CONVERSATION, DATA, "f2", ("c0", "c1"), True),
        (GrantScope.CONVERSATION, DATA, "f2", ("c2",), False),
        (GrantScope.MINUTES, DATA, "f2", (), True),
        (GrantScope.MINUTES, DATA.replace("why", "other"), "f2", (), False),
        (GrantScope.FINDING, DATA.replace("why", "other"), "f1", (), True),
        (GrantScope.FINDING, TOOL, "", (), True),
        (GrantScope.FINDING, TOOL, "f2", (), True),
        (GrantScope.FINDING, TOOL.replace("why", "other"), "", (), False),
        (GrantScope.FINDING, TOOL.replace("justify", "block"), "", (), False),
    ],
)
def test_what_a_reason_lets_pass(
    scope: GrantScope, rule: str, fingerprint: str, conversations: tuple[str, ...], covered: bool
) -> None:
    first = a_policy(rule, REST).rules[0]
    reasons = Granted([granted(HELD, Justifications(), scope, NOW)], conversations)
    amended = reasons.amend(first, finding(fingerprint) if fingerprint else None)
    assert (amended.action is Action.ALLOW, reasons.used) == (covered, {"j-1"} if covered else set())
    assert str(amended.adjusted) == ("decision.justified id=j-1" if covered else "None")


@given(
    st.lists(st.tuples(st.sampled_from(GrantScope), st.sampled_from(["f1", "f2"]), st.sampled_from(["why", "all"]))),
    st.lists(st.sampled_from([("f1", DataClass.CREDENTIALS), ("f2", DataClass.TENANT_DATA)]), min_size=1),
)
def test_no_reasons_whatever_let_pass_what_policy_excludes(
    reasons: list[tuple[GrantScope, str, str]], found: list[tuple[str, DataClass]]
) -> None:
    """One person may give any number of reasons, for whatever they were asked: what is excluded never leaves."""
    everything = '{"id": "all", "when": {"findings": "any"}, "action": "justify", "reason": "x"}'
    policy = a_policy(DATA, everything, REST, never='["credentials", "tenant_data"]')
    given_reasons = [
        granted(replace(HELD, held=Held(frozenset({value}), frozenset({rule}), "c1")), Justifications(), scope, NOW)
        for scope, value, rule in reasons
    ]
    findings = [replace(finding(value), data_class=data_class) for value, data_class in found]
    destination = Destination("a", "A", ("a.example",), Kind.API, Status.APPROVED)
    circumstances = Circumstances(Identity("ann", "p_1"), destination)
    decision = policy.decide(circumstances, findings, None, Granted(given_reasons, ("c1",)).amend)
    assert decision.action is Action.BLOCK
    assert all(each.action is Action.BLOCK for each in decision.rulings)
