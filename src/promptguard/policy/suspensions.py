"""Suspensions: nothing goes from one person to an AI tool, until an end that each of them has.

The scope of an order is `{"pseudonym": "p_…", "also": ["p_…"]}`: the person, and the same name in other letters. No
program ever makes one: one person asks for it, another approves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from promptguard.policy.orders import Order, OrderKind

PSEUDONYM: Final = "pseudonym"
ALSO: Final = "also"
"""Pseudonyms of the name as others spell it: proxies know most people in small letters, some as a file has them."""

MAX_DAYS: Final = 30
"""Until the end of one: what is to last longer is asked for, and approved, again."""


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The suspensions that may be in force."""

    orders: tuple[Order, ...] = ()

    @classmethod
    def of(cls, orders: Iterable[Order]) -> Self:
        """Those among some orders."""
        return cls(tuple(order for order in orders if order.kind is OrderKind.SUSPENSION))

    def of_person(self, pseudonym: str, now: str) -> Order | None:
        """What suspends a person."""
        for order in self.orders:
            if is_about(order, pseudonym) and order.holds(now):
                return order
        return None


def is_about(order: Order, pseudonym: str) -> bool:
    """Whether an order is about a person."""
    also = order.scope.get(ALSO)
    return order.scope.get(PSEUDONYM) == pseudonym or (isinstance(also, list) and pseudonym in also)
