"""The orders in force, as each request is held against them: beside the policy, and before it.

Looked at in this order: whether the person is suspended, whether the tool is stopped, what the policy says (of the tool
with the status that was decided), which findings an exception covers, whether a data class is stopped. What forbids
goes before what allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from promptguard.model import Action, Circumstances, Decision, Destination, Finding, Prompt, Ruling
from promptguard.policy.exceptions import Exceptions
from promptguard.policy.orders import LASTING, Order, is_gone, rule_of
from promptguard.policy.policy import Amend, Policy
from promptguard.policy.stops import LEFT_ALONE, Stops, stops_all
from promptguard.policy.suspensions import Suspensions
from promptguard.policy.tool_status import APPROVED, ToolStatuses, is_set_aside, of_same_kind, status_of
from promptguard.reasons import Code, Reason

SUSPENDED: Final = "AI access is suspended."
"""What the record and notices have as the reason: why a person is suspended is told to those who decide on it alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The orders that may be in force. Immutable; whether one has expired is looked at with each request."""

    orders: tuple[Order, ...] = ()
    """Those that are in force, or were when this was made."""
    stops: Stops = field(default_factory=Stops)
    suspensions: Suspensions = field(default_factory=Suspensions)
    exceptions: Exceptions = field(default_factory=Exceptions)
    statuses: ToolStatuses = field(default_factory=ToolStatuses)

    @classmethod
    def of(cls, orders: Iterable[Order], now: str, before: Self | None = None, *, whole: bool = False) -> Self:
        """Of all orders, those in force.

        Args:
            now: the time, as `Event.time`.
            before: what was in force the last time. A stop, a suspension or the status of a tool in it that is gone
                from the database, or changed in it, stays as it was: only who lifts it lifts it.
            whole: whether none can be missing (`OrdersRead.doubt`): what is gone was deleted once it was over.
        """
        found = {order.id: order for order in orders}
        for order in before.orders if before else ():
            there = found.get(order.id)
            is_over = whole if there is None else not is_gone(order, there)
            if order.kind in LASTING and order.genuine and not is_over:
                found[order.id] = order
        holding = [order for order in found.values() if order.holds(now)]
        return cls(
            tuple(holding),
            Stops.of(holding),
            Suspensions.of(holding),
            Exceptions.of(holding),
            ToolStatuses.of(holding),
        )

    def halted(self, circumstances: Circumstances, now: str) -> tuple[Order, Reason] | None:
        """What lets nothing go from this person, or to this tool, whatever it is; and how that is told."""
        if not self.orders or circumstances.purpose in LEFT_ALONE:
            return None
        if order := self.suspensions.of_person(circumstances.identity.pseudonym, now):
            return order, Reason(Code.ORDER_SUSPENDED, {"until": _minute(order.expires)})
        if order := self.stops.of_tool(circumstances.destination.id, now):
            return order, Reason(Code.ORDER_STOPPED_ALL if stops_all(order) else Code.ORDER_STOPPED_TOOL)
        return None

    def offered(
        self,
        destination: Destination,
        tools: Iterable[Destination],
        now: str,
        will_do: Callable[[Destination], bool] | None = None,
    ) -> Destination:
        """A tool, with those of its alternatives that may be offered; where none is named, approved ones of its kind.

        Args:
            tools: all there are.
            will_do: which of them are no matter for the rule that stopped a request, as they were decided on; None for
                all.
        """
        judged = [self.statuses.judged(each, now) for each in tools] if will_do or not destination.alternatives else []
        going = [each for each in judged if self.stops.of_tool(each.id, now) is None]
        if destination.alternatives:
            left_out = {each.id for each in judged if will_do and not will_do(each)}
            named = tuple(
                each for each in destination.alternatives if each not in left_out and self._may_be_offered(each, now)
            )
        else:
            named = of_same_kind(destination, going, will_do)
        return replace(destination, alternatives=named)

    def _may_be_offered(self, tool: str, now: str) -> bool:
        """Whether what the registry names as an alternative is one still: neither stopped, nor decided against."""
        decided = self.statuses.of_tool(tool, now)
        return self.stops.of_tool(tool, now) is None and (decided is None or status_of(decided) in APPROVED)


NOTHING_STANDS: Final = Standing()


@dataclass(frozen=True, slots=True)
class PolicyUnderOrders:
    """The policy, and what people have ordered beside it, at one time."""

    policy: Policy
    standing: Standing
    now: str
    """As `Event.time`."""

    def decide(
        self,
        circumstances: Circumstances,
        findings: Sequence[Finding],
        prompt: Prompt | None,
        amend: Amend | None = None,
    ) -> Decision:
        """See `Policy.decide`."""
        decision = self.policy.decide(circumstances, findings, prompt, amend)
        if not self.standing.orders:
            return decision
        if halt := self.standing.halted(circumstances, self.now):
            order, told = halt
            reason = SUSPENDED if told.code == Code.ORDER_SUSPENDED else order.reason
            halted = replace(decision, action=Action.BLOCK, rule=rule_of(order), reason=reason, adjusted=None)
            return replace(halted, would=None, announce=False, halted=told, orders=(order.id,))
        decision = self._with_exceptions(decision, circumstances, findings, amend)
        status = self.standing.statuses.of_tool(circumstances.destination.id, self.now)
        if status is not None and not is_set_aside(status, circumstances.destination):
            decision = replace(decision, orders=(status.id, *decision.orders))
        return self._without_stopped_classes(decision, findings)

    def _with_exceptions(
        self, decision: Decision, circumstances: Circumstances, findings: Sequence[Finding], amend: Amend | None
    ) -> Decision:
        exceptions = self.standing.exceptions
        if not exceptions.orders or not findings or decision.action.severity == 0:
            return decision
        request, never = self.policy.of_request(circumstances, findings, amend), self.policy.exceptions.never
        return exceptions.apply(decision, request, circumstances, findings, never=never, now=self.now)

    def _without_stopped_classes(self, decision: Decision, findings: Sequence[Finding]) -> Decision:
        stopped = self.standing.stops.stopped_classes(self.now)
        stopping = {
            index: stopped[each.data_class] for index, each in enumerate(findings) if each.data_class in stopped
        }
        if not stopping:
            return decision
        rulings = tuple(
            Ruling(Action.BLOCK, rule_of(stopping[index]), stopping[index].reason) if index in stopping else ruling
            for index, ruling in enumerate(decision.rulings)
        )
        orders = tuple(dict.fromkeys((*decision.orders, *(order.id for order in stopping.values()))))
        decision = replace(decision, rulings=rulings, orders=orders)
        if decision.action is Action.BLOCK:
            return decision
        first = next(iter(stopping.values()))
        blocked = replace(decision, action=Action.BLOCK, rule=rule_of(first), reason=first.reason, adjusted=None)
        return replace(blocked, would=None, announce=False)


def _minute(time: str) -> str:
    """`2026-03-01 09:30 UTC`, of a time as `Event.time`."""
    return f"{time[:16].replace('T', ' ')} UTC" if time else ""
