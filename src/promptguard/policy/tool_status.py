"""The status of tools as people have decided it: it counts in place of the one in the registry's file.

The scope of an order is `{"destination": id, "status": status, "review_due": date, "assessment": {question: answer},
"data_handling": {"trains_on_prompts": "yes", "agreement": "no", "retention_days": 30, "region": "EU"}}`. What is under
`data_handling` counts in place of what the registry's file says of the provider, and `unknown` where nobody could find
it out. Of several orders of one tool the one that was approved last counts. One that is changed in the database counts
for nothing; then what was known of it before does, or else the registry's file. One that is in doubt (`Order.in_doubt`)
makes no tool milder than that file, neither by the status nor by what it says of the provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from promptguard.model import NO_AGREEMENT, SERVICE_STATUSES, DataHandling, Destination, Status
from promptguard.policy.exceptions import is_approved_by_another
from promptguard.policy.orders import Order, OrderKind
from promptguard.policy.provider import Answer

DESTINATION: Final = "destination"
STATUS: Final = "status"
REVIEW_DUE: Final = "review_due"
ASSESSMENT: Final = "assessment"
DATA_HANDLING: Final = "data_handling"
INCIDENT: Final = "incident"
"""The incident after which it was asked for; absent where there is none."""

APPROVED: Final = frozenset({Status.APPROVED, Status.APPROVED_WITH_LIMITS})

LENIENCE: Final = {
    status: rank
    for rank, status in enumerate(
        (Status.PROHIBITED, Status.UNREVIEWED, Status.UNDER_REVIEW, Status.APPROVED_WITH_LIMITS, Status.APPROVED)
    )
}
"""How far a tool with a status may be used: the further, the greater."""

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
        handling = handling_of(order, destination.data_handling)
        if is_set_aside(order, destination):
            return replace(destination, data_handling=handling)
        due = order.scope.get(REVIEW_DUE)
        return replace(
            destination,
            status=status_of(order) or destination.status,
            review_due=due if isinstance(due, str) and due else destination.review_due,
            data_handling=handling,
        )


def status_of(order: Order) -> Status | None:
    """The status that an order gives; None where it gives none that a service can have."""
    named = order.scope.get(STATUS)
    return Status(named) if named in SERVICE_STATUSES else None


def handling_of(order: Order, in_file: DataHandling) -> DataHandling:
    """How a provider treats data, as it was decided; `in_file` where nothing was decided."""
    decided = order.scope.get(DATA_HANDLING)
    if not isinstance(decided, Mapping):
        return in_file
    handling = in_file
    for name, value in decided.items():
        match name, value:
            case "trains_on_prompts", "yes" | "no" | "unknown":
                handling = replace(handling, trains_on_prompts=_KNOWN[value])
            case "agreement", "yes" | "no" | "unknown":
                handling = replace(handling, agreement=_agreement(value, in_file.agreement, order.id))
            case "retention_days", "unknown":
                handling = replace(handling, retention_days=None)
            case "retention_days", int() if not isinstance(value, bool) and value >= 0:
                handling = replace(handling, retention_days=value)
            case "region", str() if value:
                handling = replace(handling, region=None if value == Answer.UNKNOWN else value)
    return in_file.worst_of(handling) if order.in_doubt else handling


_KNOWN: Final[Mapping[str, bool | None]] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}


def _agreement(answer: str, in_file: str | None, order: str) -> str | None:
    """What stands for an agreement: its address where the file has one, else the order that says so."""
    address = None if in_file == NO_AGREEMENT else in_file
    return {Answer.YES: address or order, Answer.NO: NO_AGREEMENT}.get(Answer(answer))


def is_set_aside(order: Order, destination: Destination) -> bool:
    """Whether the status that was decided does not count, as it is in doubt and milder than a tool has it otherwise."""
    status = status_of(order)
    return order.in_doubt and status is not None and LENIENCE[status] > LENIENCE.get(destination.status, -1)


def of_same_kind(
    destination: Destination, tools: Iterable[Destination], will_do: Callable[[Destination], bool] | None = None
) -> tuple[str, ...]:
    """Ids of approved tools of a tool's kind, those without limits first.

    None where only the account is not the company's, or where it is approved itself and would be offered, too.

    Args:
        will_do: which of them may be offered; None for all.
    """
    if destination.status is Status.PERSONAL_ACCOUNT:
        return ()
    if destination.status in APPROVED and (will_do is None or will_do(destination)):
        return ()
    tools = filter(will_do, tools) if will_do else tools
    found = [each for each in tools if each.enabled and each.kind is destination.kind and each.status in APPROVED]
    found.sort(key=lambda each: each.status is not Status.APPROVED)
    return tuple(each.id for each in found[:MAX_OFFERED])


def _approved(order: Order) -> str:
    return max(each.time for each in order.approvals)
