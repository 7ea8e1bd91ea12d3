"""Stops given and lifted at the command line, beside a console that may be running; the ledger tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.reading_settings import read_settings
from promptguard.destinations.registry import Registry
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.policy.orders import Order
from promptguard.policy.stops import DESTINATIONS
from promptguard.policy.stops import what_is_stopped as what_is_stopped
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act, Ledger
from promptguard.review.stops import StopBook
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.orders import orders_of
from promptguard.runtime.review_database import open_reviewing


@dataclass(frozen=True, slots=True)
class StopDesk:
    """Gives and lifts stops; each is noted in the ledger first."""

    book: StopBook
    ledger: Ledger
    registry: Registry | None
    """None where it cannot be read."""
    problem: str = ""
    """Why it cannot be read."""

    def unread_hosts(self, stop: Order) -> Sequence[str]:
        """Hosts of what is stopped that pass undecrypted, and so go on."""
        known = self.registry.destination if self.registry else lambda _: None
        tools = [known(id) for id in stop.scope.get(DESTINATIONS, ())]
        return [host for tool in tools if tool is not None for host in tool.undecrypted_hosts]

    def order(
        self, *, name: str, reason: str, tool: str, data_class: str, everything: bool, lasting: timedelta | None
    ) -> Order:
        """Stop something.

        Raises:
            PromptGuardError: what was given makes no stop, or it cannot be kept.
        """
        try:
            stop = self.book.prepare(
                by="",
                name=name,
                reason=reason,
                tool=tool,
                data_class=data_class,
                everything=everything,
                lasting=lasting,
            )
        except NotPossible as error:
            raise PromptGuardError(str(error)) from None
        detail = {"by": "command line", "name": name, "what": what_is_stopped(stop), "until": stop.expires}
        self.ledger.note(Act.STOPPED, object=stop.id, detail=detail)
        self.book.order(stop)
        return stop

    def lift(self, id: str, *, name: str, reason: str) -> Order:
        """Lift a stop.

        Raises:
            PromptGuardError: it is not in force, or it cannot be kept.
        """
        try:
            self.book.check_lifting(id, reason)
        except NotPossible as error:
            raise PromptGuardError(f"{error} See `promptguard stop list`.") from None
        self.ledger.note(Act.STOP_LIFTED, object=id, detail={"by": "command line", "name": name})
        return self.book.lift(id, by="", name=name, reason=reason)


@contextmanager
def stopping(config: Path, data: Path) -> Iterator[StopDesk]:
    """A desk for an installation. A mistake in its configuration keeps nobody from stopping something: while proxies go
    on with the last good one, only `promptguard.yaml` has to be right, which says where the database is.

    Raises:
        PromptGuardError: there is none, or its databases cannot be opened.
    """
    registry, problem, tools = None, "", None
    try:
        bundle = load_bundle(config)
    except ConfigError as error:
        problem, settings = str(error), read_settings(config)
    else:
        registry, settings = bundle.registry, bundle.settings
        tools = frozenset(each.id for each in registry.destinations)
    folder = DataFolder(data)
    with orders_of(settings, folder) as (store, keys), closing(open_reviewing(settings, folder)) as database:
        yield StopDesk(StopBook(store, lambda: tools), Ledger(database, keys), registry, problem)
