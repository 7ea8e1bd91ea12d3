"""Exceptions from the policy's rules: asked for by one person, approved by another, renewed and revoked.

What counts is the policy in force, and each proxy looks at its own once more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from promptguard.audit.events import timestamp
from promptguard.model import DataClass, Purpose
from promptguard.policy import exceptions as scopes
from promptguard.policy.orders import Order, OrderKind, OrderState, OrderStore, new_order_id
from promptguard.policy.schema import ExceptionTerms
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.ordering import TwoPersonOrders, checked_reason

MAX_NAMED: Final = 50
"""Of each list of a scope."""

MAX_NAME: Final = 200
"""Characters of what is named, and of a contract."""

RENEWS: Final = "renews"
"""The order in whose place another one is to come."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for."""

    reason: str
    days: int
    destinations: Sequence[str]
    data_classes: Sequence[str]
    users: Sequence[str] = ()
    """By the names that they sign in with: kept as pseudonyms alone."""
    groups: Sequence[str] = ()
    customers: Sequence[str] = ()
    purposes: Sequence[str] = ()
    action: str = "allow"
    contract: str = ""


_USER: Final = "user who signs in to the proxy"


class ExceptionBook:
    """For any thread.

    Args:
        terms: what the policy in force says of them.
        tools: the ids of the registry.
        pseudonym: under which name the record has a user.
        users: all who sign in to the proxy, and
        groups: all groups that there are; None where that is not known here.
        now: the time.
    """

    def __init__(
        self,
        store: OrderStore,
        database: ReviewDatabase,
        *,
        terms: Callable[[], ExceptionTerms],
        tools: Callable[[], Collection[str]],
        pseudonym: Callable[[str], str],
        users: Callable[[], Collection[str] | None] = lambda: None,
        groups: Callable[[], Collection[str] | None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.orders = TwoPersonOrders(OrderKind.EXCEPTION, store, database, now)
        self.terms = terms
        self._tools = tools
        self._pseudonym = pseudonym
        self._users = users
        self._groups = groups
        self._now = now

    def prepare(self, wanted: Wanted, *, by: str, name: str) -> Order:
        """What somebody asks for, not kept yet (`TwoPersonOrders.add`).

        Args:
            by: the account's id; empty for the command line.

        Raises:
            NotPossible: something is missing, there is no such thing, or the policy forbids it.
        """
        contract = one_line(wanted.contract, MAX_NAME)
        scope: dict[str, Any] = {
            scopes.PSEUDONYMS: [self._pseudonym(user) for user in _known(wanted.users, self._users(), _USER)],
            scopes.GROUPS: _known(wanted.groups, self._groups(), "group of identities.yaml"),
            scopes.DESTINATIONS: _known(wanted.destinations, self._tools(), "tool of the registry"),
            scopes.DATA_CLASSES: _known(wanted.data_classes, DataClass, "data class"),
            scopes.CUSTOMERS: _named(wanted.customers),
            scopes.PURPOSES: _known(wanted.purposes, Purpose, "purpose"),
            scopes.ACTION: wanted.action,
            scopes.CONTRACT: contract,
        }
        if not scope[scopes.PSEUDONYMS] and not scope[scopes.GROUPS]:
            raise NotPossible("Say for whom: name users or groups.")
        if not scope[scopes.DESTINATIONS] or not scope[scopes.DATA_CLASSES]:
            raise NotPossible("Say at which tool, and of which data class.")
        if wanted.action not in scopes.ACTIONS:
            raise NotPossible("Say whether it is to be allowed, or redacted.")
        return self._order(scope, wanted.reason, wanted.days, by, name)

    def prepare_renewal(self, order: Order, *, reason: str, days: int, by: str, name: str) -> Order:
        """The same once more, to come in the place of one that is in force.

        Raises:
            NotPossible: it is not in force any more, something is missing, or the policy forbids it.
        """
        if not order.holds(timestamp(self._now())):
            raise NotPossible("It is over: ask for a new one.")
        return self._order({**order.scope, RENEWS: order.id}, reason, days, by, name)

    def check(self, order: Order, account: Account, users: Sequence[str]) -> None:
        """See that somebody may approve one, and knows for whom it is.

        Args:
            users: whom they take it to be for, groups aside: no page tells, since it would say whose a pseudonym is.

        Raises:
            NotPossible: it takes another person, the policy forbids it, or it is for others.
        """
        if problem := self.problem(order, account):
            raise NotPossible(problem)
        if {self._pseudonym(user) for user in _named(users)} != set(scopes.listed(order, scopes.PSEUDONYMS)):
            raise NotPossible(
                "It is for others than you name, or a name is spelled otherwise: ask the one who asked for it."
            )

    def approve(self, order: Order, account: Account, users: Sequence[str]) -> Order:
        """Approve one. The one that it renews ends with that.

        Raises:
            NotPossible: see `check`.
            OrderNotPossible: somebody has decided on it already, or it has expired.
        """
        self.check(order, account, users)
        approved = self.orders.approve(order, account)
        renewed = order.scope.get(RENEWS)
        if approved.state is OrderState.IN_FORCE and isinstance(renewed, str):
            for old in self.orders.in_force():
                if old.id == renewed:
                    self.orders.end(old, by=account.id, name=account.name, reason=f"Renewed as {order.id}.")
        return approved

    def problem(self, order: Order, account: Account) -> str:
        """Why somebody cannot approve one, as a sentence; empty if nothing is in the way."""
        return self.orders.problem(order, account) or _forbidden(order.scope, self.terms())

    def _order(self, scope: Mapping[str, Any], reason: str, days: int, by: str, name: str) -> Order:
        terms, now = self.terms(), self._now()
        if forbidden := _forbidden(scope, terms):
            raise NotPossible(forbidden)
        if not 1 <= days <= terms.max_days:
            raise NotPossible(f"An exception ends after 1 to {terms.max_days} days.")
        return Order(
            id=new_order_id(),
            kind=OrderKind.EXCEPTION,
            state=OrderState.ASKED,
            scope={member: value for member, value in scope.items() if value},
            reason=checked_reason(reason),
            asked_by=by,
            asked_name=name,
            asked=timestamp(now),
            expires=timestamp(now + timedelta(days=days)),
        )


def _forbidden(scope: Mapping[str, Any], terms: ExceptionTerms) -> str:
    never = [each for each in scope.get(scopes.DATA_CLASSES, ()) if each in terms.never]
    return f"Your policy has no exceptions for {', '.join(never)}." if never else ""


def _named(given: Sequence[str]) -> list[str]:
    named = list(dict.fromkeys(filter(None, (one_line(each, MAX_NAME) for each in given))))
    if len(named) > MAX_NAMED:
        raise NotPossible(f"Name at most {MAX_NAMED} of a kind.")
    return named


def _known(given: Sequence[str], known: Collection[str] | None, what: str) -> list[str]:
    named = _named(given)
    for each in named:
        if known is not None and each not in known:
            raise NotPossible(f"“{each}” is no {what}.")
    return named
