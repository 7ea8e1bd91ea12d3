"""The status of tools as people have decided it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from promptguard.model import DataHandling, Destination, Kind, Status
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.policy.standing import Standing
from promptguard.policy.tool_status import ToolStatuses, of_same_kind

NOW = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-09T09:30:00.000Z"


def order(id: str = "or-1", *, by: str = "a2", at: str = NOW, **scope: Any) -> Order:
    members = {"destination": "chat", "status": "approved", **scope}
    approvals = (Approval(by, "Bob", at),) if by else ()
    return Order(id, OrderKind.TOOL_STATUS, OrderState.IN_FORCE, members, "R.", "a1", "Ann", NOW, approvals)


def tool(id: str = "chat", status: Status = Status.UNREVIEWED, **members: Any) -> Destination:
    return Destination(id, id.title(), (f"{id}.example",), Kind.WEB_CHAT, status, review_due="2026-05-01", **members)


@pytest.mark.parametrize(
    ("orders", "status", "due"),
    [
        ([], "unreviewed", "2026-05-01"),
        ([order()], "approved", "2026-05-01"),
        ([order(review_due="2027-01-31")], "approved", "2027-01-31"),
        ([order(), order("or-2", at=LATER, status="prohibited")], "prohibited", "2026-05-01"),
        ([order("or-2", at=LATER, status="prohibited"), order()], "prohibited", "2026-05-01"),
        ([order(destination="other")], "unreviewed", "2026-05-01"),
        ([order(status="personal_account")], "unreviewed", "2026-05-01"),
        ([order(status="splendid")], "unreviewed", "2026-05-01"),
        ([order(destination=7)], "unreviewed", "2026-05-01"),
        ([order(by="")], "unreviewed", "2026-05-01"),
        ([order(by="a1")], "unreviewed", "2026-05-01"),
        ([replace(order(), genuine=False)], "unreviewed", "2026-05-01"),
        ([replace(order(), state=OrderState.ASKED)], "unreviewed", "2026-05-01"),
        ([replace(order(), state=OrderState.ENDED)], "unreviewed", "2026-05-01"),
        ([replace(order(), expires=NOW)], "unreviewed", "2026-05-01"),
        ([replace(order(), kind=OrderKind.EXCEPTION)], "unreviewed", "2026-05-01"),
    ],
)
def test_how_a_tool_is_judged(orders: list[Order], status: str, due: str) -> None:
    judged = Standing.of(orders, NOW).statuses.judged(tool(), NOW)
    assert (judged.status, judged.review_due) == (status, due)


IN_FILE = DataHandling(trains_on_prompts=False, retention_days=90, region="US", agreement="https://a.example/dpa")


@pytest.mark.parametrize(
    ("decided", "in_file", "handling"),
    [
        (None, IN_FILE, IN_FILE),
        ({}, IN_FILE, IN_FILE),
        ("yes", IN_FILE, IN_FILE),
        ({"trains_on_prompts": "yes"}, IN_FILE, replace(IN_FILE, trains_on_prompts=True)),
        ({"trains_on_prompts": "unknown"}, IN_FILE, replace(IN_FILE, trains_on_prompts=None)),
        ({"trains_on_prompts": "perhaps"}, IN_FILE, IN_FILE),
        ({"trains_on_prompts": ["no"]}, IN_FILE, IN_FILE),
        ({"retention_days": 0}, IN_FILE, replace(IN_FILE, retention_days=0)),
        ({"retention_days": "unknown"}, IN_FILE, replace(IN_FILE, retention_days=None)),
        ({"retention_days": True}, IN_FILE, IN_FILE),
        ({"retention_days": -1}, IN_FILE, IN_FILE),
        ({"region": "EU"}, IN_FILE, replace(IN_FILE, region="EU")),
        ({"region": "unknown"}, IN_FILE, replace(IN_FILE, region=None)),
        ({"agreement": "no"}, IN_FILE, replace(IN_FILE, agreement="none")),
        ({"agreement": "unknown"}, IN_FILE, replace(IN_FILE, agreement=None)),
        ({"agreement": "yes"}, IN_FILE, IN_FILE),
        ({"agreement": "yes"}, DataHandling(), DataHandling(agreement="or-1")),
        ({"agreement": "yes"}, DataHandling(agreement="none"), DataHandling(agreement="or-1")),
    ],
)
def test_how_a_provider_is_judged(decided: Any, in_file: DataHandling, handling: DataHandling) -> None:
    standing = Standing.of([order(data_handling=decided)], NOW)
    assert standing.statuses.judged(tool(data_handling=in_file), NOW).data_handling == handling


@pytest.mark.parametrize(
    ("in_file", "decided", "handling"),
    [
        (DataHandling(trains_on_prompts=True), {"trains_on_prompts": "no"}, DataHandling(trains_on_prompts=True)),
        (DataHandling(trains_on_prompts=False), {"trains_on_prompts": "yes"}, DataHandling(trains_on_prompts=True)),
        (DataHandling(trains_on_prompts=False), {"trains_on_prompts": "unknown"}, DataHandling()),
        (DataHandling(), {"trains_on_prompts": "no"}, DataHandling()),
        (DataHandling(agreement="none"), {"agreement": "yes"}, DataHandling(agreement="none")),
        (DataHandling(), {"agreement": "yes"}, DataHandling()),
        (IN_FILE, {"agreement": "no"}, replace(IN_FILE, agreement="none")),
        (IN_FILE, {"retention_days": 0, "region": "EU"}, replace(IN_FILE, region="US, EU")),
        (DataHandling(retention_days=0), {"retention_days": 30}, DataHandling(retention_days=30)),
        (DataHandling(retention_days=0), {"retention_days": 0}, DataHandling(retention_days=0)),
        (DataHandling(), {"retention_days": 0, "region": "EU"}, DataHandling()),
        (IN_FILE, {"trains_on_prompts": "no", "region": "US", "agreement": "yes"}, IN_FILE),
    ],
)
def test_what_is_in_doubt_of_a_provider_makes_it_no_better(
    in_file: DataHandling, decided: Any, handling: DataHandling
) -> None:
    for status in ("prohibited", "unreviewed", "approved"):
        in_doubt = replace(order(status=status, data_handling=decided), in_doubt=True)
        judged = Standing.of([in_doubt], NOW).statuses.judged(tool(data_handling=in_file), NOW)
        assert judged.data_handling == handling


def test_it_ends_by_itself() -> None:
    statuses = ToolStatuses.of([replace(order(), expires=LATER)])
    assert statuses.judged(tool(), NOW).status is Status.APPROVED
    assert statuses.judged(tool(), LATER).status is Status.UNREVIEWED


TOOLS = [
    tool("limited", Status.APPROVED_WITH_LIMITS),
    tool("one", Status.APPROVED),
    tool("two", Status.APPROVED),
    tool("three", Status.APPROVED),
    tool("off", Status.APPROVED, enabled=False),
    tool("new"),
    replace(tool("api", Status.APPROVED), kind=Kind.API),
]


@pytest.mark.parametrize(
    ("used", "offered"),
    [
        (tool(), ("one", "two", "three")),
        (tool(status=Status.PROHIBITED), ("one", "two", "three")),
        (tool(status=Status.PERSONAL_ACCOUNT), ()),
        (tool(status=Status.APPROVED), ()),
        (replace(tool(), kind=Kind.MEDIA), ()),
    ],
)
def test_which_tools_of_its_kind_are_offered(used: Destination, offered: tuple[str, ...]) -> None:
    assert of_same_kind(used, TOOLS) == offered


@pytest.mark.parametrize(
    ("used", "offered"),
    [
        (tool("one", Status.APPROVED), ("two", "three", "limited")),
        (tool(), ("two", "three", "limited")),
        (tool("two", Status.APPROVED), ()),
        (tool("one", Status.PERSONAL_ACCOUNT), ()),
    ],
)
def test_what_will_not_do_is_not_offered(used: Destination, offered: tuple[str, ...]) -> None:
    assert of_same_kind(used, TOOLS, lambda each: each.id != "one") == offered


def test_of_what_the_registry_names_what_will_not_do_is_left_out() -> None:
    decided = Standing.of([order(destination="one", data_handling={"trains_on_prompts": "yes"})], NOW)
    used = tool(alternatives=("one", "two"))
    offered = decided.offered(used, TOOLS, NOW, lambda each: not each.data_handling.trains_on_prompts)
    assert offered.alternatives == ("two",)


def test_what_the_registry_names_goes_before_and_what_is_stopped_is_not_offered() -> None:
    stop = Order("or-9", OrderKind.STOP, OrderState.IN_FORCE, {"destinations": ["one"]}, "S.", "a1", "Ann", NOW)
    standing = Standing.of([stop, order(destination="new")], NOW)
    assert standing.offered(tool(alternatives=("new", "one")), TOOLS, NOW).alternatives == ("new",)
    against = Standing.of([order(destination="new", status="under_review")], NOW)
    assert against.offered(tool(alternatives=("new", "one")), TOOLS, NOW).alternatives == ("one",)
    assert standing.offered(tool(), TOOLS, NOW).alternatives == ("two", "three", "new")
