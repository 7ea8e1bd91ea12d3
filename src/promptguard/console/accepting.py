"""What people decided beside the policy, looked at and accepted at the command line where it is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from promptguard.detectors.false_alarms import FalseAlarm
from promptguard.errors import PromptGuardError
from promptguard.policy.orders import PROHIBITING, Order, is_gone, is_known_for_sure
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act, Ledger
from promptguard.review.ordering import checked_reason
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.doubts import Decided, opened_decided
from promptguard.runtime.orders import KeptOrders
from promptguard.runtime.policy_exchange import now
from promptguard.runtime.review_database import open_reviewing


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting brings about, or has brought about."""

    orders: Sequence[Order]
    """Exceptions and statuses of tools that count again."""
    back: Sequence[Order]
    """What this machine knows to be in force, and is put back, as it is gone from the database."""
    false_alarms: Sequence[FalseAlarm]
    """Those that count again."""
    changed: Sequence[Order] = ()
    """What somebody changed in the database, and is not put back: of it, only what forbids something is in force."""


@dataclass(frozen=True, slots=True)
class AcceptingDesk:
    """Looks, and accepts; that is noted in the ledger first."""

    decided: Decided
    kept: KeptOrders
    ledger: Ledger

    def doubts(self) -> Sequence[str]:
        """See `Decided.doubts`."""
        return self.decided.doubts()

    def would_count(self) -> Accepted:
        """What accepting brings about.

        Raises:
            StorageError: it cannot be read.
        """
        at = now()
        orders, doubt = self.decided.orders.read()
        there = {order.id: order for order in orders}
        of_doubt = [replace(order, in_doubt=False) for order in orders if order.in_doubt]
        alarms = [replace(each, in_doubt=False) for each in self.decided.false_alarms.all() if each.in_doubt]
        back = [each for each in self._known() if is_gone(each, there.get(each.id))] if doubt else []
        put_back = {each.id for each in back}
        return Accepted(
            [order for order in of_doubt if order.kind not in PROHIBITING and order.holds(at)],
            back,
            [each for each in alarms if each.holds(at)],
            [order for order in of_doubt if not order.genuine and order.id not in put_back],
        )

    def accept(self, *, name: str, reason: str) -> Accepted:
        """Take what is there for what people decided, on all machines.

        Raises:
            PromptGuardError: nothing is in doubt, there is no reason, or it cannot be kept.
        """
        try:
            reason = checked_reason(reason)
        except NotPossible as error:
            raise PromptGuardError(str(error)) from None
        would = self.would_count()
        of_orders, of_alarms = self.decided.orders.read().doubt, self.decided.false_alarms.read().doubt
        if not of_orders and not of_alarms:
            raise PromptGuardError("Nothing is in doubt.")
        of = {"orders": of_orders, "false alarms": of_alarms}
        detail = {"by": "command line", "name": name, "doubt": of_orders or of_alarms, "reason": reason}
        self.ledger.note(Act.ORDERS_ACCEPTED, object=", ".join(each for each in of if of[each]), detail=detail)
        back = self.decided.orders.accept(self._known(), now()) if of_orders else []
        if of_alarms:
            self.decided.false_alarms.accept(now())
        return replace(would, back=back)

    def _known(self) -> Sequence[Order]:
        at = now()
        return [order for order in self.kept.read() if is_known_for_sure(order) and order.holds(at)]


@contextmanager
def accepting(config: Path, data: Path) -> Iterator[AcceptingDesk]:
    """A desk for an installation.

    Raises:
        PromptGuardError: there is none, or its databases cannot be opened.
    """
    folder = DataFolder(data)
    with (
        opened_decided(config, data) as (decided, bundle, keys),
        closing(open_reviewing(bundle.settings, folder)) as database,
    ):
        yield AcceptingDesk(decided, KeptOrders(folder.orders, keys.orders), Ledger(database, keys))
