"""What exceptions let go: plain values in, decisions out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Finding,
    Identity,
    Kind,
    Purpose,
    Status,
)
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.policy.standing import PolicyUnderOrders, Standing
from promptguard.reasons import Reason

NOW = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-09T09:30:00.000Z"
RULES = [
    {"id": "prohibited", "when": {"status": ["prohibited"]}, "action": "block", "reason": "P."},
    {"id": "tried", "mode": "monitor", "when": {"data_classes": ["source_code"]}, "action": "block", "reason": "T."},
    {"id": "keys", "when": {"data_classes": ["credentials"]}, "action": "block", "reason": "K."},
    {"id": "customers", "when": {"data_classes": ["tenant_data"]}, "action": "block", "reason": "C."},
    {"id": "bulk", "when": {"data_classes": ["personal_data"], "min_count": 3}, "action": "block", "reason": "B."},
    {"id": "mail", "when": {"data_classes": ["personal_data"]}, "action": "redact", "reason": "M.", "announce": True},
    {"id": "unread", "when": {"inspection": ["not_inspected"]}, "action": "block", "reason": "U."},
    {"id": "all", "action": "allow", "reason": "A."},
]


def policy(**more: Any) -> Policy:
    return Policy(PolicyFile.model_validate_json(orjson.dumps({"version": "1", "rules": RULES, **more})))


POLICY = policy()
SCOPE: Mapping[str, Any] = {
    "pseudonyms": ["p_ada"],
    "destinations": ["chat"],
    "data_classes": ["tenant_data"],
    "action": "allow",
}


def order(id: str = "or-1", approved: str = "a2", **scope: Any) -> Order:
    members = {name: value for name, value in {**SCOPE, **scope}.items() if value is not None}
    approvals = (Approval(approved, "Bob", NOW),) if approved else ()
    return Order(
        id, OrderKind.EXCEPTION, OrderState.IN_FORCE, members, "For the pilot.", "a1", "Ann", NOW, approvals, LATER
    )


def found(data_class: DataClass = DataClass.TENANT_DATA, *, subject: str = "acme", value: str = "f") -> Finding:
    return Finding(0, 0, 3, "TYPE", data_class, 1.0, "detector", value * 32, subject)


MAIL, KEY, CODE = found(DataClass.PERSONAL_DATA), found(DataClass.CREDENTIALS), found(DataClass.SOURCE_CODE)


def decide(
    orders: Sequence[Order],
    *findings: Finding,
    now: str = NOW,
    person: str = "ada",
    groups: frozenset[str] = frozenset(),
    tool: str = "chat",
    purpose: Purpose = Purpose.PROMPT,
    status: Status = Status.APPROVED,
    rewritable: bool = True,
    under: Policy = POLICY,
) -> Decision:
    destination = Destination(tool, tool.title(), (f"{tool}.example",), Kind.WEB_CHAT, status)
    circumstances = Circumstances(Identity(person, f"p_{person}", groups), destination, purpose, rewritable=rewritable)
    return PolicyUnderOrders(under, Standing.of(orders, NOW), now).decide(circumstances, findings, None)


@pytest.mark.parametrize(
    ("scope", "where", "covered"),
    [
        ({}, {}, True),
        ({}, {"person": "bob"}, False),
        ({}, {"tool": "other"}, False),
        ({}, {"now": LATER}, False),
        ({}, {"status": Status.PERSONAL_ACCOUNT}, False),
        ({"pseudonyms": None, "groups": ["support"]}, {}, False),
        ({"pseudonyms": None, "groups": ["support"]}, {"groups": frozenset({"support"}), "person": "bob"}, True),
        ({"pseudonyms": None}, {}, False),
        ({"destinations": None}, {}, False),
        ({"data_classes": None}, {}, False),
        ({"data_classes": ["personal_data"]}, {}, False),
        ({"customers": ["acme"]}, {}, True),
        ({"customers": ["other"]}, {}, False),
        ({"purposes": ["upload"]}, {}, False),
        ({"purposes": ["upload"]}, {"purpose": Purpose.UPLOAD}, True),
        ({"action": "redact"}, {}, True),
        ({"action": "redact"}, {"rewritable": False}, False),
        ({"action": "notify"}, {}, False),
        ({"action": None}, {}, False),
        ({"pseudonyms": "p_ada"}, {}, False),
        ({"approved": ""}, {}, False),
        ({"approved": "a1"}, {}, False),
    ],
)
def test_what_is_covered(scope: dict[str, Any], where: dict[str, Any], covered: bool) -> None:
    one = order(**scope)
    decision = decide([one], found(), **where)
    action = Action.REDACT if one.scope.get("action") == "redact" else Action.ALLOW
    assert decision.action is (action if covered else Action.BLOCK)
    assert (decision.rule, decision.orders) == (("exception:or-1", ("or-1",)) if covered else ("customers", ()))
    assert decision.rulings[0].rule == decision.rule
    assert decision.adjusted == (Reason("order.exception", {"order": "or-1"}) if covered else None)


@pytest.mark.parametrize(
    "changed",
    [
        {"genuine": False},
        {"state": OrderState.ASKED},
        {"state": OrderState.REFUSED},
        {"state": OrderState.ENDED},
        {"expires": ""},
        {"expires": NOW},
        {"kind": OrderKind.TOOL_STATUS},
    ],
)
def test_what_is_not_in_force_covers_nothing(changed: dict[str, Any]) -> None:
    assert decide([replace(order(), **changed)], found()).rule == "customers"


@pytest.mark.parametrize(
    ("scope", "findings", "where", "action", "rule"),
    [
        # What else is in the request is decided as before.
        ({}, (found(), KEY), {}, Action.BLOCK, "keys"),
        ({}, (found(), MAIL), {}, Action.REDACT, "exception:or-1"),
        ({}, (MAIL,), {}, Action.REDACT, "mail"),
        ({}, (found(), found(subject="other")), {}, Action.ALLOW, "exception:or-1"),
        ({"customers": ["acme"]}, (found(), found(subject="other")), {}, Action.BLOCK, "customers"),
        # The request as such is not its matter.
        ({}, (found(),), {"status": Status.PROHIBITED}, Action.BLOCK, "prohibited"),
        # Nothing of what is never let go.
        ({"data_classes": ["credentials", "tenant_data"]}, (KEY,), {}, Action.BLOCK, "keys"),
        ({"data_classes": ["credentials", "tenant_data"]}, (found(), KEY), {}, Action.BLOCK, "keys"),
        # It only ever makes milder.
        ({"data_classes": ["personal_data"], "action": "redact"}, (MAIL,), {}, Action.REDACT, "mail"),
        ({"data_classes": ["source_code"], "action": "redact"}, (CODE,), {}, Action.ALLOW, "tried"),
    ],
)
def test_what_becomes_of_the_request(
    scope: dict[str, Any], findings: Sequence[Finding], where: dict[str, Any], action: Action, rule: str
) -> None:
    decision = decide([order(**scope)], *findings, **where)
    assert (decision.action, decision.rule) == (action, rule)


def test_of_two_the_milder_one_counts() -> None:
    orders = [order("or-1", action="redact"), order("or-2", action="allow")]
    assert decide(orders, found()).orders == ("or-2",)


def test_values_that_are_let_go_count_where_others_are_counted() -> None:
    """One of three values is a customer's matter; the other two are no fewer for that."""
    values = [found(DataClass.PERSONAL_DATA, subject=name, value=name[0]) for name in ("acme", "bolt", "cord")]
    decision = decide([order(data_classes=["personal_data"], customers=["acme"])], *values)
    assert [ruling.rule for ruling in decision.rulings] == ["exception:or-1", "bulk", "bulk"]
    assert decision.action is Action.BLOCK


def test_what_is_never_excepted_is_the_policys_own() -> None:
    under = policy(exceptions={"never": ["credentials", "tenant_data"]})
    assert decide([order()], found(), under=under).rule == "customers"
    assert under.hash != POLICY.hash == policy(exceptions={"never": ["credentials"], "max_days": 365}).hash


def test_a_stop_goes_before_it() -> None:
    stop = Order("or-9", OrderKind.STOP, OrderState.IN_FORCE, {"data_classes": ["tenant_data"]}, "S.", "a1", "Ann", NOW)
    decision = decide([order(), stop], found())
    assert (decision.action, decision.rule) == (Action.BLOCK, "stop:or-9")


SCOPES = [
    {},
    {name: SCOPE[name] for name in ("pseudonyms", "destinations", "action")},
    *({**SCOPE, "data_classes": [str(each)]} for each in DataClass),
    *(
        {**SCOPE, "data_classes": [str(each) for each in DataClass], "action": action}
        for action in ("redact", "block", 7)
    ),
]
ORDERS = st.tuples(
    st.sampled_from(OrderState),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from(SCOPES),
    st.sampled_from(["a1", "a2"]),
)


def made(drawn: Sequence[tuple[OrderState, bool, int, dict[str, Any], str]], by: str) -> list[Order]:
    """Orders in whatever state, approved by one account some times or never."""
    return [
        replace(
            order(f"or-{number}"),
            state=state,
            genuine=genuine,
            scope=scope,
            asked_by=asked,
            approvals=(Approval(by, "Bob", NOW),) * approvals,
        )
        for number, (state, genuine, approvals, scope, asked) in enumerate(drawn)
    ]


@settings(deadline=None)
@given(st.lists(ORDERS, max_size=4), st.sampled_from(DataClass))
def test_nothing_goes_by_what_one_person_alone_has_done(drawn: Any, data_class: DataClass) -> None:
    orders = [replace(each, asked_by="a1") for each in made(drawn, "a1")]
    finding = found(data_class)
    alone, without = decide(orders, finding), decide([], finding)
    assert (alone.action, alone.rule, alone.orders) == (without.action, without.rule, ())


@settings(deadline=None)
@given(st.lists(ORDERS, max_size=4), st.lists(st.sampled_from([found(), MAIL, KEY, CODE]), max_size=4))
def test_what_is_never_excepted_never_goes_and_nothing_becomes_stricter(drawn: Any, findings: list[Finding]) -> None:
    orders = made(drawn, "a3")
    decision, without = decide(orders, *findings), decide([], *findings)
    if KEY in findings:
        assert decision.action is Action.BLOCK
    assert decision.action.severity <= without.action.severity
    for now, before in zip(decision.rulings, without.rulings, strict=True):
        assert now.action.severity <= before.action.severity
