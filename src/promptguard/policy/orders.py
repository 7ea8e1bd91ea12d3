"""What people have ordered beside the policy: stops, suspensions, exceptions, and the status of tools.

An order is asked for by somebody, where its kind needs it approved by others, and in force until it ends or expires. It
counts from the next request of each proxy on, once that has heard of it (`policy.standing`).
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from promptguard.errors import PromptGuardError

MAX_REASON: Final = 500


class OrderKind(StrEnum):
    """What an order does."""

    STOP = "stop"
    """Nothing goes to a tool, nothing of a data class, or nothing at all."""
    SUSPENSION = "suspension"
    """Nothing goes from one person."""
    EXCEPTION = "exception"
    """What a rule forbids is allowed in one scope."""
    TOOL_STATUS = "tool_status"
    """A tool has another status than the registry says."""


PROHIBITING: Final = frozenset({OrderKind.STOP, OrderKind.SUSPENSION})
"""Kinds that only ever forbid: one that somebody changed in the database stays in force, others count for nothing."""

LASTING: Final = PROHIBITING | {OrderKind.TOOL_STATUS}
"""Kinds that may forbid: a proxy that knows one goes by it until somebody with the right to do so ends it, whatever
becomes of the database."""


ABOUT_PEOPLE: Final = (f"{OrderKind.SUSPENSION}:", f"{OrderKind.EXCEPTION}:")
"""What rules in the record begin with (`rule_of`) that are about one person, or may be about few."""


class OrderState(StrEnum):
    """How far one has come."""

    ASKED = "asked"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    ENDED = "ended"
    """By somebody. One that has expired stays `in_force`, and is so no more by the clock."""


class OrderNotPossible(PromptGuardError):
    """Somebody else was quicker, or there is no such order."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's word for an order."""

    by: str
    """The account's id; empty for the command line."""
    name: str
    time: str
    """As `Event.time`."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order."""

    id: str
    kind: OrderKind
    state: OrderState
    scope: Mapping[str, Any]
    """What it is about, as plain JSON; each kind has members of its own (`policy.stops` and its neighbours). A person
    stands in it as a pseudonym."""
    reason: str
    asked_by: str
    """The account's id; empty for the command line."""
    asked_name: str
    asked: str
    """As `Event.time`."""
    approvals: tuple[Approval, ...] = ()
    expires: str = ""
    """As `Event.time`; empty for never."""
    ended_by: str = ""
    """Who ended or refused it."""
    ended_name: str = ""
    ended: str = ""
    end_reason: str = ""
    genuine: bool = True
    """False where somebody changed it in the database."""
    in_doubt: bool = False
    """True where it may have been put back as it was before, or is not all there was (`OrdersRead.doubt`)."""

    def expired(self, now: str) -> bool:
        """Whether its time is over, at a time as `Event.time`."""
        return bool(self.expires) and self.expires <= now

    def holds(self, now: str) -> bool:
        """Whether it is in force."""
        if self.genuine:
            if self.in_doubt and self.kind is OrderKind.EXCEPTION:
                return False
            return self.state is OrderState.IN_FORCE and not self.expired(now)
        # Whoever has the database alone lifts nothing, by another state or end neither. A stop is in force as it is
        # given; a suspension may wait for its approval, or have been refused.
        in_force = self.kind is OrderKind.STOP or self.state in (OrderState.IN_FORCE, OrderState.ENDED)
        return self.kind in PROHIBITING and in_force


def is_known_for_sure(order: Order) -> bool:
    """Whether a machine may put it back into a database in doubt: not what allows something, and may be old itself."""
    return order.kind in LASTING and order.genuine and (order.kind in PROHIBITING or not order.in_doubt)


def is_gone(order: Order, found: Order | None) -> bool:
    """Whether one that a machine knows to be in force is not so in the database, and nobody has ended it.

    Args:
        found: what the database has of it. One that waits for its approval again was put back as it was before.
    """
    return found is None or not found.genuine or found.state is OrderState.ASKED


def rule_of(order: Order) -> str:
    """What the record has as the rule of a decision by an order."""
    return f"{order.kind}:{order.id}"


def new_order_id() -> str:
    """`or-` and twelve hexadecimal digits."""
    return f"or-{secrets.token_hex(6)}"


class OrdersRead(NamedTuple):
    """All orders, as they are at one time."""

    orders: Sequence[Order]
    """The latest first."""
    doubt: str
    """Why some may be missing, or be as they were before, as a sentence; empty where that cannot be.

    Then no exception counts, and no status that is milder than the registry's (`tool_status`); what was known to be
    stopped stays so.
    """


class OrderStore(ABC):
    """Keeps orders. From any thread; several processes may use it. Each change is told to the proxies."""

    @abstractmethod
    def revision(self) -> str:
        """What is another after each change. Cheap.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def add(self, *orders: Order) -> None:
        """Keep new ones: all of them, or none.

        Raises:
            StorageError: they cannot be kept.
        """

    @abstractmethod
    def approve(self, id: str, approval: Approval, *, needed: int = 1, beside: Sequence[Approval] = ()) -> Order:
        """Add an approval to one that was asked for; it is in force once it has as many as are `needed`.

        Args:
            beside: the approvals that it had when somebody saw that this one is another person's.

        Raises:
            OrderNotPossible: it is not `asked`, was changed in the database, has expired, the same account has
                approved it, or it has other approvals now than `beside`.
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def refuse(self, id: str, *, by: str, name: str, now: str, reason: str) -> Order:
        """Refuse one that was asked for.

        Raises:
            OrderNotPossible: it is not `asked`.
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def end(self, id: str, *, by: str, name: str, now: str, reason: str) -> Order:
        """End one that is in force, or take back one that was asked for.

        One that was changed in the database can be ended, too.

        Raises:
            OrderNotPossible: it has ended, or was refused.
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def reword(self, id: str, reason: str, *, instead_of: str) -> Order:
        """Give a stop its words, which it could not wait for.

        Args:
            instead_of: what stands for them until now.

        Raises:
            OrderNotPossible: it has other words, is no stop, or was changed in the database.
            StorageError: they cannot be kept.
        """

    @abstractmethod
    def read(self) -> OrdersRead:
        """All of them, and whether they are all there are.

        Raises:
            StorageError: they cannot be read.
        """

    def all(self) -> Sequence[Order]:
        """All of them, the latest first.

        Raises:
            StorageError: they cannot be read.
        """
        return self.read().orders

    @abstractmethod
    def note(self, gone: Iterable[Order] = ()) -> None:
        """Let all that share the database know how they stand: that none is to go missing from now on, or the doubt.

        Args:
            gone: what this machine knows to be in force, and is put back, as it is gone from what is in doubt
                (`is_gone`): so whoever looks sees it, on whatever machine, and no machine forgets it.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def restored(self) -> None:
        """Put them in doubt: the database was put back from a backup.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def accept(self, known: Iterable[Order], now: str) -> Sequence[Order]:
        """Take what is there for all there is, from now on and on all machines: somebody has looked.

        Args:
            known: what this machine knows to be in force.
            now: the time, as `Event.time`.

        Returns:
            Of `known`, what was gone or changed, and is put back.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def forget(self, before: str) -> int:
        """Delete those that ended, expired or were refused before then (as `Event.time`); say how many.

        Those that somebody changed in the database, and that are in force for that, stay; and all, while they are in
        doubt.

        Raises:
            StorageError: they cannot be deleted.
        """
