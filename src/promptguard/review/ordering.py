"""Orders that take two people: one asks, another one approves, as far as an installation can tell them apart.

Who asks at the command line is nobody whom the console knows, and may have an account there: then two have to approve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.policy.orders import MAX_REASON, Approval, Order, OrderKind, OrderState, OrderStore
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.roles import Permission
from promptguard.review.two_persons import may, not_two_persons

_ASKING: Final = {OrderKind.EXCEPTION: Permission.ASK_EXCEPTION, OrderKind.TOOL_STATUS: Permission.ASSESS_TOOLS}
"""What somebody has to be allowed still when another person approves."""

WITHOUT_ACCOUNT: Final = 2
"""Approvals for what was asked for at the command line."""


class TwoPersonOrders:
    """The orders of one kind. For any thread.

    Args:
        database: knows the accounts, and who set them up.
        now: the time.
    """

    def __init__(
        self,
        kind: OrderKind,
        store: OrderStore,
        database: ReviewDatabase,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._kind = kind
        self._store = store
        self._database = database
        self._now = now

    def all(self) -> Sequence[Order]:
        """All of them, the latest first."""
        return [order for order in self._store.all() if order.kind is self._kind]

    def waiting(self) -> Sequence[Order]:
        """Those that were asked for, and can still be answered."""
        now = timestamp(self._now())
        return [
            order
            for order in self.all()
            if order.state is OrderState.ASKED and order.genuine and not order.expired(now)
        ]

    def in_force(self) -> Sequence[Order]:
        """Those that are in force now."""
        now = timestamp(self._now())
        return [order for order in self.all() if order.holds(now)]

    def is_over(self, order: Order) -> bool:
        """Whether an order's time is over."""
        return order.expired(timestamp(self._now()))

    def find(self, id: str) -> Order:
        """One of them.

        Raises:
            NotPossible: there is none with this id.
        """
        found = next((order for order in self.all() if order.id == id), None)
        if found is None:
            raise NotPossible(f"There is no “{id}”.")
        return found

    def add(self, *orders: Order) -> None:
        """Keep those that are asked for: all of them, or none."""
        self._store.add(*orders)

    def problem(self, order: Order, account: Account) -> str:
        """Why somebody cannot approve one, as a sentence; empty if nothing is in the way."""
        if order.state is not OrderState.ASKED:
            return "Somebody has decided on it already."
        if any(each.by == account.id for each in order.approvals):
            return "You have approved it: another person has to approve it too."
        asking = _ASKING.get(self._kind)
        with self._database.reading() as connection:
            if order.asked_by and asking and not may(connection, order.asked_by, asking):
                return "Who asked for it may not ask any more: somebody else has to ask."
            for other in (order.asked_by, *(each.by for each in order.approvals)):
                if problem := not_two_persons(connection, other, account.id):
                    return problem
        return ""

    def approve(self, order: Order, account: Account) -> Order:
        """Approve one; it is in force where nobody else has to.

        Raises:
            NotPossible: it takes another person.
            OrderNotPossible: somebody has decided on it already or approves it at the same time, or it has expired.
        """
        if problem := self.problem(order, account):
            raise NotPossible(problem)
        approval = Approval(account.id, account.name, timestamp(self._now()))
        return self._store.approve(order.id, approval, needed=needed(order), beside=order.approvals)

    def refuse(self, order: Order, account: Account, reason: str) -> Order:
        """Refuse one that was asked for.

        Raises:
            NotPossible: there is no reason.
            OrderNotPossible: somebody has decided on it already.
        """
        reason = checked_reason(reason)
        now = timestamp(self._now())
        return self._store.refuse(order.id, by=account.id, name=account.name, now=now, reason=reason)

    def end(self, order: Order, *, by: str, name: str, reason: str) -> Order:
        """End one that is in force, or take back one that was asked for. It takes one person.

        Args:
            by: the account's id; empty for the command line.

        Raises:
            NotPossible: there is no reason.
            OrderNotPossible: it is over already.
        """
        reason = checked_reason(reason)
        return self._store.end(order.id, by=by, name=name, now=timestamp(self._now()), reason=reason)


def needed(order: Order) -> int:
    """How many have to approve an order."""
    return 1 if order.asked_by else WITHOUT_ACCOUNT


def checked_reason(reason: str) -> str:
    """A reason, as it is kept.

    Raises:
        NotPossible: there is none.
    """
    if not (reason := one_line(reason, MAX_REASON)):
        raise NotPossible("Say why.")
    return reason
