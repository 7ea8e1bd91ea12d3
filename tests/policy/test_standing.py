"""What people have ordered, beside what policy says: plain values in, decisions out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest

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
from promptguard.policy.standing import SUSPENDED, PolicyUnderOrders, Standing
from promptguard.reasons import Reason

NOW = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-09T09:30:00.000Z"
POLICY = Policy(
    PolicyFile.model_validate_json(
        orjson.dumps(
            {
                "version": "1",
                "rules": [
                    {"id": "mail", "when": {"data_classes": ["personal_data"]}, "action": "redact", "reason": "Mail."},
                    {"id": "all", "action": "allow", "reason": "All else."},
                ],
            }
        )
    )
)


def order(id: str, scope: Mapping[str, Any], kind: OrderKind = OrderKind.STOP, expires: str = "") -> Order:
    return Order(id, kind, OrderState.IN_FORCE, scope, f"Reason of {id}.", "a1", "Ann", NOW, expires=expires)


CHAT = order("or-chat", {"destinations": ["chat"]})
MAIL = order("or-mail", {"data_classes": ["personal_data"]})
ALL = order("or-all", {"all": True})
ADA = order("or-ada", {"pseudonym": "p_ada"}, OrderKind.SUSPENSION, LATER)


def destination(id: str = "chat") -> Destination:
    return Destination(
        id=id, name=id.title(), hosts=(f"{id}.example",), format="generic", kind=Kind.WEB_CHAT, status=Status.APPROVED
    )


def found(data_class: DataClass = DataClass.PERSONAL_DATA) -> Finding:
    return Finding(0, 0, 3, "EMAIL_ADDRESS", data_class, 1.0, "patterns", "f" * 32)


def decide(
    orders: list[Order],
    *findings: Finding,
    now: str = NOW,
    tool: str = "chat",
    person: str = "ada",
    purpose: Purpose = Purpose.PROMPT,
) -> Decision:
    circumstances = Circumstances(Identity(person, f"p_{person}"), destination(tool), purpose)
    return PolicyUnderOrders(POLICY, Standing.of(orders, NOW), now).decide(circumstances, findings, None)


@pytest.mark.parametrize(
    ("orders", "where", "rule"),
    [
        ([], {}, "all"),
        ([CHAT], {}, "stop:or-chat"),
        ([CHAT], {"tool": "other"}, "all"),
        ([CHAT], {"purpose": Purpose.UPLOAD}, "stop:or-chat"),
        ([CHAT], {"purpose": Purpose.ACCOUNT}, "all"),
        ([CHAT], {"purpose": Purpose.TELEMETRY}, "all"),
        ([ALL], {"tool": "other"}, "stop:or-all"),
        ([ALL, CHAT], {}, "stop:or-chat"),
        ([MAIL], {}, "all"),
        ([ADA], {}, "suspension:or-ada"),
        ([ADA], {"person": "bob"}, "all"),
        ([ADA], {"purpose": Purpose.ACCOUNT}, "all"),
        ([ADA], {"now": LATER}, "all"),
        ([ADA, ALL], {}, "suspension:or-ada"),
        ([replace(CHAT, expires=LATER)], {}, "stop:or-chat"),
        ([replace(CHAT, expires=LATER)], {"now": LATER}, "all"),
        ([replace(CHAT, state=OrderState.ASKED)], {}, "all"),
        ([replace(CHAT, state=OrderState.ENDED)], {}, "all"),
        ([replace(CHAT, state=OrderState.ENDED, genuine=False)], {}, "stop:or-chat"),
        ([replace(CHAT, state=OrderState.ASKED, genuine=False)], {}, "stop:or-chat"),
        ([replace(CHAT, state=OrderState.REFUSED, genuine=False)], {}, "stop:or-chat"),
        ([replace(CHAT, scope={"destinations": 7}, genuine=False)], {"tool": "other"}, "stop:or-chat"),
        ([replace(ADA, state=OrderState.ASKED, genuine=False)], {}, "all"),
    ],
)
def test_what_lets_nothing_go(orders: list[Order], where: dict[str, Any], rule: str) -> None:
    decision = decide(orders, **where)
    assert decision.rule == rule
    stopped = rule != "all"
    assert decision.action is (Action.BLOCK if stopped else Action.ALLOW)
    assert decision.orders == ((rule.partition(":")[2],) if stopped else ())
    assert (decision.halted is None) is not stopped


@pytest.mark.parametrize(
    ("order", "told", "reason"),
    [
        (CHAT, Reason("order.stopped_tool"), "Reason of or-chat."),
        (ALL, Reason("order.stopped_all"), "Reason of or-all."),
        (ADA, Reason("order.suspended", {"until": "2026-03-09 09:30 UTC"}), SUSPENDED),
    ],
)
def test_why_is_told_but_of_a_person_to_nobody(order: Order, told: Reason, reason: str) -> None:
    decision = decide([order])
    assert decision.halted is not None
    assert (decision.halted.code, decision.halted.parameters) == (told.code, told.parameters)
    assert decision.reason == reason


def test_a_stopped_class_is_blocked_and_the_rest_is_as_policy_says() -> None:
    secret = found(DataClass.CREDENTIALS)
    decision = decide([MAIL], found(), secret)
    assert (decision.action, decision.rule, decision.orders) == (Action.BLOCK, "stop:or-mail", ("or-mail",))
    assert [(each.action, each.rule) for each in decision.rulings] == [
        (Action.BLOCK, "stop:or-mail"),
        (Action.ALLOW, "all"),
    ]
    assert decision.halted is None
    assert decide([MAIL], secret) == decide([], secret)
    assert decide([MAIL], found(), purpose=Purpose.ACCOUNT).action is Action.BLOCK


@pytest.mark.parametrize(
    ("now_there", "stands"),
    [
        ([], True),
        ([replace(CHAT, state=OrderState.ENDED, genuine=False)], True),
        ([replace(CHAT, scope={"destinations": ["other"]}, genuine=False)], True),
        ([replace(CHAT, kind=OrderKind.EXCEPTION, genuine=False)], True),
        ([replace(CHAT, state=OrderState.ASKED)], True),
        ([replace(CHAT, state=OrderState.ENDED)], False),
    ],
)
def test_only_who_lifts_a_stop_lifts_it(now_there: list[Order], stands: bool) -> None:
    before = Standing.of([CHAT], NOW)
    after = Standing.of(now_there, NOW, before)
    assert (after.stops.of_tool("chat", NOW) == CHAT) is stands


@pytest.mark.parametrize(
    ("now_there", "decided"),
    [
        ([], True),
        ([{"genuine": False}], True),
        ([{"state": OrderState.ENDED, "genuine": False}], True),
        ([{"state": OrderState.ENDED}], False),
    ],
)
def test_a_tool_stays_as_it_was_decided_on(now_there: list[dict[str, Any]], decided: bool) -> None:
    scope = {"destination": "chat", "status": "prohibited"}
    known = replace(order("or-1", scope, OrderKind.TOOL_STATUS), approvals=(Approval("b1", "Bob", NOW),))
    after = Standing.of([replace(known, **changes) for changes in now_there], NOW, Standing.of([known], NOW))
    assert (after.statuses.judged(destination(), NOW).status is Status.PROHIBITED) is decided


def test_what_is_gone_was_over_where_none_can_be_missing() -> None:
    assert Standing.of([], NOW, Standing.of([CHAT], NOW), whole=True).orders == ()


@pytest.mark.parametrize(
    ("registry", "decided", "counts"),
    [
        (Status.APPROVED, "prohibited", True),
        (Status.APPROVED, "approved_with_limits", True),
        (Status.APPROVED, "approved", True),
        (Status.PROHIBITED, "under_review", False),
        (Status.UNDER_REVIEW, "approved", False),
        (Status.UNREVIEWED, "prohibited", True),
    ],
)
def test_a_status_in_doubt_makes_no_tool_milder(registry: Status, decided: str, counts: bool) -> None:
    tool = replace(destination(), status=registry)
    known = order("or-1", {"destination": "chat", "status": decided}, OrderKind.TOOL_STATUS)
    known = replace(known, approvals=(Approval("b1", "Bob", NOW),), in_doubt=True)
    standing = Standing.of([known], NOW)
    judged = standing.statuses.judged(tool, NOW)
    assert judged.status == (decided if counts else registry)
    under = PolicyUnderOrders(POLICY, standing, NOW)
    assert under.decide(Circumstances(Identity("ada", "p_ada"), judged), [], None).orders == (("or-1",) * counts)


@pytest.mark.parametrize("genuine", [True, False])
def test_what_expired_stands_no_more(genuine: bool) -> None:
    before = Standing.of([replace(CHAT, expires=LATER)], NOW)
    assert Standing.of([], LATER, before).orders == ()


def test_what_is_stopped_is_not_offered() -> None:
    tool = replace(destination(), alternatives=("other", "third"))
    standing = Standing.of([order("or-1", {"destinations": ["other"]})], NOW)
    assert standing.offered(tool, [], NOW).alternatives == ("third",)
    assert Standing().offered(tool, [], NOW) == tool
