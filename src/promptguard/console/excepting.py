"""Exceptions asked for and revoked at the command line, beside a console that may be running; the ledger tells of them.

Nothing is approved here: at a command line two people cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from promptguard.errors import PromptGuardError
from promptguard.policy.orders import Order, OrderState
from promptguard.review.accounts import NotPossible
from promptguard.review.exceptions import ExceptionBook
from promptguard.review.exceptions import Wanted as Wanted
from promptguard.review.ledger import Act, Ledger
from promptguard.review.ordering import TwoPersonOrders, checked_reason
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.doubts import opened_decided
from promptguard.runtime.review_database import open_reviewing

_BY = "command line"


@dataclass(frozen=True, slots=True)
class ExceptionDesk:
    """Asks for exceptions and revokes them; each is noted in the ledger first."""

    book: ExceptionBook
    ledger: Ledger

    def ask(self, wanted: Wanted, *, name: str) -> Order:
        """Ask for one.

        Raises:
            PromptGuardError: something is missing, the policy forbids it, or it cannot be kept.
        """
        try:
            order = self.book.prepare(wanted, by="", name=name)
        except NotPossible as error:
            raise PromptGuardError(str(error)) from None
        self.ledger.note(Act.EXCEPTION_ASKED, object=order.id, detail={"by": _BY, "name": name, "until": order.expires})
        self.book.orders.add(order)
        return order

    def revoke(self, id: str, *, name: str, reason: str) -> None:
        """End one, or take back what was asked for.

        Raises:
            PromptGuardError: there is none, it is over, or it cannot be kept.
        """
        try:
            order, reason = self.book.orders.find(id), checked_reason(reason)
        except NotPossible as error:
            raise PromptGuardError(f"{error} See `promptguard exceptions list`.") from None
        if standing_of(self.book.orders, order) not in ("in force", "in doubt", "asked for"):
            raise PromptGuardError(f"{id} is over. See `promptguard exceptions list --all`.")
        self.ledger.note(Act.EXCEPTION_REVOKED, object=id, detail={"by": _BY, "name": name})
        self.book.orders.end(order, by="", name=name, reason=reason)


def standing_of(orders: TwoPersonOrders, order: Order) -> str:
    """How one stands now.

    `in force`, `asked for`, `refused`, `revoked`, `expired`, `in doubt` or `changed in the database`.
    """
    if not order.genuine:
        return "changed in the database"
    if order.state in (OrderState.REFUSED, OrderState.ENDED):
        return "refused" if order.state is OrderState.REFUSED else "revoked"
    if orders.is_over(order):
        return "expired"
    if order.state is OrderState.IN_FORCE:
        return "in doubt" if order.in_doubt else "in force"
    return "asked for"


@contextmanager
def excepting(config: Path, data: Path) -> Iterator[ExceptionDesk]:
    """A desk for an installation.

    Raises:
        PromptGuardError: there is none, or its databases cannot be opened.
    """
    with (
        opened_decided(config, data) as (decided, bundle, keys),
        closing(open_reviewing(bundle.settings, DataFolder(data))) as database,
    ):
        book = ExceptionBook(
            decided.orders,
            database,
            terms=lambda: bundle.policy.exceptions,
            tools=bundle.registry.names,
            pseudonym=keys.pseudonym,
            users=lambda: bundle.known_users or None,
            groups=lambda: bundle.known_groups,
        )
        yield ExceptionDesk(book, Ledger(database, keys))
