"""Exceptions: what a rule forbids is allowed, or sent with values replaced, in one scope and until an end.

The scope of an order has the members below, as plain JSON. Of each list one value has to be the case. People, tools and
data classes have to be named; a scope that somebody has made otherwise covers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Self

from promptguard.model import Action, Circumstances, DataClass, Decision, Finding, Ruling, Status
from promptguard.policy.orders import Order, OrderKind, rule_of
from promptguard.reasons import Code, Reason

PSEUDONYMS: Final = "pseudonyms"
"""People, as the record has them."""
GROUPS: Final = "groups"
"""Groups of people, or of programs: who is in one of them, or is one of the people, is meant."""
DESTINATIONS: Final = "destinations"
"""Ids of the registry."""
DATA_CLASSES: Final = "data_classes"
CUSTOMERS: Final = "customers"
"""Labels of the index of customers; all where none is named. Other data than theirs is not meant then."""
PURPOSES: Final = "purposes"
"""What the paths are for; all where none is named."""
ACTION: Final = "action"
"""`allow` or `redact`."""
CONTRACT: Final = "contract"
"""The agreement that it stands on, as the company refers to it; may be empty."""

ACTIONS: Final = (Action.ALLOW, Action.REDACT)

ENDS_SOON: Final = timedelta(days=14)
"""For so long before its end it is pointed to: renewing one takes two people, who have to find the time."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The exceptions that may be in force."""

    orders: tuple[Order, ...] = ()

    @classmethod
    def of(cls, orders: Iterable[Order]) -> Self:
        """Those among some orders that somebody else than who asked has approved, and that end."""
        return cls(
            tuple(
                order
                for order in orders
                if order.kind is OrderKind.EXCEPTION and order.expires and is_approved_by_another(order)
            )
        )

    def ending(self, now: str, before: str) -> tuple[Order, ...]:
        """Those in force that end before a time, which is as `Event.time`, as is `now`."""
        return tuple(order for order in self.orders if order.holds(now) and order.expires < before)

    def apply(
        self,
        decision: Decision,
        request: Ruling,
        circumstances: Circumstances,
        findings: Sequence[Finding],
        *,
        never: Iterable[DataClass],
        now: str,
    ) -> Decision:
        """A decision with the findings let go that an exception covers.

        Args:
            request: what the rules say of the request as such, which no exception is about.
            never: data classes of which there are no exceptions.
            now: the time, as `Event.time`.
        """
        here = [order for order in self.orders if order.holds(now) and _is_here(order, circumstances)]
        if not here or len(decision.rulings) != len(findings):
            return decision
        excluded = frozenset(never)
        covering = {
            index: order
            for index, (finding, ruling) in enumerate(zip(findings, decision.rulings, strict=True))
            if finding.data_class not in excluded
            and (order := _mildest(here, finding, ruling, rewritable=circumstances.rewritable))
        }
        return _excepted(decision, request, covering) if covering else decision


def is_approved_by_another(order: Order) -> bool:
    """Whether an order has the word of another account than the one that asked for it.

    Whoever asked at the command line may have an account: then the word of two is needed.
    """
    others = {each.by for each in order.approvals} - {"", order.asked_by}
    return len(others) >= (1 if order.asked_by else 2)


def action_of(order: Order) -> Action | None:
    """What an exception does; None where it says nothing that can be done."""
    named = order.scope.get(ACTION)
    return Action(named) if named in ACTIONS else None


def listed(order: Order, member: str) -> Sequence[str]:
    """A list of an order's scope."""
    return _listed(order.scope, member)


def _listed(scope: Mapping[str, Any], member: str) -> Sequence[str]:
    values = scope.get(member)
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


def _is_here(order: Order, circumstances: Circumstances) -> bool:
    identity, purposes = circumstances.identity, listed(order, PURPOSES)
    is_of_them = identity.pseudonym in listed(order, PSEUDONYMS) or not identity.groups.isdisjoint(
        listed(order, GROUPS)
    )
    return (
        is_of_them
        # It stands on what the company agreed with the provider for its own accounts.
        and circumstances.destination.status is not Status.PERSONAL_ACCOUNT
        and circumstances.destination.id in listed(order, DESTINATIONS)
        and (not purposes or circumstances.purpose in purposes)
    )


def _mildest(orders: Sequence[Order], finding: Finding, ruling: Ruling, *, rewritable: bool) -> Order | None:
    """Of the exceptions that cover a finding the mildest; None where none is milder than the ruling."""
    found: tuple[int, Order] | None = None
    for order in orders:
        action, customers = action_of(order), listed(order, CUSTOMERS)
        if action is None or finding.data_class not in listed(order, DATA_CLASSES):
            continue
        if (customers and finding.subject not in customers) or (action is Action.REDACT and not rewritable):
            continue
        if action.severity < ruling.action.severity and (found is None or action.severity < found[0]):
            found = action.severity, order
    return found[1] if found else None


def _excepted(decision: Decision, request: Ruling, covering: Mapping[int, Order]) -> Decision:
    rulings = tuple(
        _let_go(covering[index], ruling) if index in covering else ruling
        for index, ruling in enumerate(decision.rulings)
    )
    orders = tuple(dict.fromkeys((*decision.orders, *(order.id for order in covering.values()))))
    left = [each for each in (*rulings, request) if each.enforced]
    done = max(left, key=_severity, default=None)
    action = done.action if done else Action.ALLOW
    would = max((*rulings, request), key=_severity).action
    if action.severity < decision.action.severity:
        first = min(covering, key=lambda index: (-_severity(decision.rulings[index]), index))
        telling = rulings[first]
    else:
        strictest = [each for each in left if each.action is action]
        telling = next((each for each in strictest if each.rule == decision.rule), done or request)
    return replace(
        decision,
        action=action,
        rule=telling.rule,
        reason=telling.reason,
        adjusted=telling.adjusted,
        rulings=rulings,
        would=would if would.severity > action.severity else None,
        announce=decision.announce and action is Action.REDACT,
        orders=orders,
    )


def _let_go(order: Order, ruling: Ruling) -> Ruling:
    adjusted = Reason(Code.ORDER_EXCEPTION, {"order": order.id})
    return Ruling(action_of(order) or ruling.action, rule_of(order), order.reason, adjusted=adjusted)


def _severity(ruling: Ruling) -> int:
    return ruling.action.severity
