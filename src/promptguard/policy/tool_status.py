"""The status of tools as people have decided it: it counts in place of the one in the registry's file.

The scope of an order is `{"destination": id, "status": status, "review_due": date, "assessment": {question: answer}}`.
Of several of one tool the one that was approved last counts. One that is changed in the database counts for nothing;
then what was known of it before does, or else the registry's file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from promptguard.model import SERVICE_STATUSES, Destination, Status
from promptguard.policy.exceptions import is_approved_by_another
from promptguard.policy.orders import Order, OrderKind

DESTINATION: Final = "destination"
STATUS: Final = "status"
REVIEW_DUE: Final = "review_due"
ASSESSMENT: Final = "assessment"
INCIDENT: Final = "incident"
"""The incident after which it was asked for; absent where there is none."""

APPROVED: Final = frozenset({Status.APPROVED, Status.APPROVED_WITH_LIMITS})

MAX_OFFERED: Final = 3
"""Tools that are named to people who used another one."""


@dataclass(frozen=True, slots=True)
class ToolStatuses:
    """What was decided, by the ids of tools."""

    orders: Mapping[str, Order] = field(default_factory=dict)

    @classmethod
    def of(cls, orders: Iterable[Order]) -> Self:
        """Those among some orders that somebody else than who asked has approved."""
        last: dict[str, Order] = {}
        for order in orders:
            tool = order.scope.get(DESTINATION)
            if order.kind is not OrderKind.TOOL_STATUS or not isinstance(tool, str):
                continue
            known = last.get(tool)
            if is_approved_by_another(order) and (known is None or _approved(known) < _approved(order)):
                last[tool] = order
        return cls(last)

    def of_tool(self, destination: str, now: str) -> Order | None:
        """What decides on a tool, by its id; None where the registry's file does."""
        order = self.orders.get(destination)
        return order if order is not None and order.holds(now) and status_of(order) is not None else None

    def judged(self, destination: Destination, now: str) -> Destination:
        """A tool as it was decided on."""
        order = self.of_tool(destination.id, now)
        if order is None:
            return destination
        due = order.scope.get(REVIEW_DUE)
        return replace(
            destination,
            status=status_of(order) or destination.status,
            review_due=due if isinstance(due, str) and due else destination.review_due,
        )


def status_of(order: Order) -> Status | None:
    """The status that an order gives; None where it gives none that a service can have."""
    named = order.scope.get(STATUS)
    return Status(named) if named in SERVICE_STATUSES else None


def of_same_kind(destination: Destination, tools: Iterable[Destination]) -> tuple[str, ...]:
    """Ids of approved tools of a tool's kind, those without limits first.

    None where it is approved itself, and only the account is not the company's.
    """
    if destination.status in APPROVED or destination.status is Status.PERSONAL_ACCOUNT:
        return ()
    found = [each for each in tools if each.enabled and each.kind is destination.kind and each.status in APPROVED]
    found.sort(key=lambda each: each.status is not Status.APPROVED)
    return tuple(each.id for each in found[:MAX_OFFERED])


def _approved(order: Order) -> str:
    return max(each.time for each in order.approvals)
