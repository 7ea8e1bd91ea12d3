"""Stopping a tool, a data class or all of it at once, and lifting that.

One person may stop: nothing leaves by that. One person may lift it, too, and says why: what goes on then is what the
policy allows, which two people have answered for already.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from promptguard.audit.events import timestamp
from promptguard.model import DataClass
from promptguard.policy.orders import MAX_REASON, Order, OrderKind, OrderState, OrderStore, new_order_id
from promptguard.policy.stops import ALL, DATA_CLASSES, DESTINATIONS
from promptguard.review.accounts import NotPossible
from promptguard.review.fitting import one_line

MAX_TIME: Final = timedelta(days=366)


class StopBook:
    """For any thread.

    Args:
        tools: the ids of the registry; None where it cannot be read, and each is taken as it is given.
        now: the time.
    """

    def __init__(
        self,
        store: OrderStore,
        tools: Callable[[], Collection[str] | None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._tools = tools
        self._now = now

    def all(self) -> Sequence[Order]:
        """All stops, the latest first."""
        return [order for order in self._store.all() if order.kind is OrderKind.STOP]

    def in_force(self) -> Sequence[Order]:
        """Those that stop something now."""
        now = timestamp(self._now())
        return [order for order in self.all() if order.holds(now)]

    def prepare(
        self,
        *,
        by: str,
        name: str,
        reason: str,
        tool: str = "",
        data_class: str = "",
        everything: bool = False,
        lasting: timedelta | None = None,
    ) -> Order:
        """A stop that is not given yet (`order`).

        Args:
            by: the account's id; empty for the command line.
            name: who gives it.
            tool: its id in the registry.
            data_class: one of `DataClass`.
            everything: all tools.
            lasting: until it expires; None for until it is lifted.

        Raises:
            NotPossible: it says not what to stop, or why, or for how long, in a way that can be done.
        """
        reason = one_line(reason, MAX_REASON)
        if not reason:
            raise NotPossible("Say why: people who are stopped read it.")
        if lasting is not None and not timedelta(minutes=1) <= lasting <= MAX_TIME:
            raise NotPossible("A stop lasts from one minute to 366 days, or without an end until it is lifted.")
        scope = self._scope(tool, data_class, everything)
        now = self._now()
        return Order(
            id=new_order_id(),
            kind=OrderKind.STOP,
            state=OrderState.IN_FORCE,
            scope=scope,
            reason=reason,
            asked_by=by,
            asked_name=name,
            asked=timestamp(now),
            expires=timestamp(now + lasting) if lasting else "",
        )

    def order(self, stop: Order) -> None:
        """Put a stop in force.

        Raises:
            StorageError: it cannot be kept.
        """
        self._store.add(stop)

    def explain(self, stop: Order, reason: str) -> Order:
        """Give a stop that is in force its reason, which it could not wait for.

        Raises:
            OrderNotPossible: it has another one by now.
            StorageError: it cannot be kept.
        """
        return self._store.reword(stop.id, one_line(reason, MAX_REASON), instead_of=stop.reason)

    def lift(self, id: str, *, by: str, name: str, reason: str) -> Order:
        """Let go on what a stop held, as the policy says.

        Raises:
            NotPossible: there is no such stop, or no reason.
            OrderNotPossible: it is not in force any more.
        """
        reason = self.check_lifting(id, reason)
        return self._store.end(id, by=by, name=name, now=timestamp(self._now()), reason=reason)

    def check_lifting(self, id: str, reason: str) -> str:
        """The reason, as it is kept.

        Raises:
            NotPossible: there is no such stop in force, or no reason.
        """
        if not any(order.id == id for order in self.in_force()):
            raise NotPossible(f"No stop “{id}” is in force.")
        if not (reason := one_line(reason, MAX_REASON)):
            raise NotPossible("Say why it is lifted.")
        return reason

    def _scope(self, tool: str, data_class: str, everything: bool) -> Mapping[str, Any]:
        if [bool(tool), bool(data_class), everything].count(True) != 1:
            raise NotPossible("Say what to stop: one tool, one data class, or all.")
        if everything:
            return ALL
        if tool:
            if (known := self._tools()) is not None:
                _check_known(tool, known, "tool of the registry")
            return {DESTINATIONS: [tool]}
        _check_known(data_class, [str(each) for each in DataClass], "data class")
        return {DATA_CLASSES: [data_class]}


def _check_known(given: str, known: Collection[str], what: str) -> None:
    if given in known:
        return
    close = difflib.get_close_matches(given, known, n=1)
    meant = f" Did you mean “{close[0]}”?" if close else f" There are: {', '.join(sorted(known))}."
    raise NotPossible(f"“{given}” is no {what}.{meant}")
