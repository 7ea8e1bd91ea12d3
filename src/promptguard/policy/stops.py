"""Stops: nothing goes to a tool, nothing of a data class, or nothing at all, until the stop is lifted or expires.

The scope of an order is one of `{"all": true}`, `{"destinations": [ids]}` and `{"data_classes": [names]}`. Any other
scope, which somebody has made in the database, stops all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from promptguard.model import DataClass, Purpose
from promptguard.policy.orders import Order, OrderKind

LEFT_ALONE: Final = frozenset({Purpose.ACCOUNT, Purpose.TELEMETRY})
"""What goes on at a tool that is stopped, as the policy says: signing in, and the tool's own statistics."""

DESTINATIONS: Final = "destinations"
DATA_CLASSES: Final = "data_classes"
ALL: Final[Mapping[str, Any]] = {"all": True}


@dataclass(frozen=True, slots=True)
class Stops:
    """The stops that may be in force, the latest first."""

    orders: tuple[Order, ...] = ()

    @classmethod
    def of(cls, orders: Iterable[Order]) -> Self:
        """Those among some orders."""
        return cls(tuple(order for order in orders if order.kind is OrderKind.STOP))

    def of_tool(self, destination: str, now: str) -> Order | None:
        """What stops a tool, by its id in the registry: a stop of the tool before one of all."""
        found = [order for order in self.orders if order.holds(now) and _stops_tool(order, destination)]
        return min(found, key=stops_all, default=None)

    def of_class(self, data_class: str, now: str) -> Order | None:
        """What stops a data class."""
        for order in self.orders:
            if data_class in _listed(order, DATA_CLASSES) and order.holds(now):
                return order
        return None

    def stopped_classes(self, now: str) -> Mapping[DataClass, Order]:
        """The data classes of which nothing may leave, and by which order."""
        found = ((each, self.of_class(each, now)) for each in DataClass)
        return {each: order for each, order in found if order is not None}


def stops_all(order: Order) -> bool:
    """Whether it is about all tools."""
    return not _listed(order, DESTINATIONS) and not _listed(order, DATA_CLASSES)


def what_is_stopped(stop: Order) -> str:
    """`all tools`, `chatgpt`, `the class credentials`."""
    if stops_all(stop):
        return "all tools"
    classes = [f"the class {each}" for each in _listed(stop, DATA_CLASSES)]
    return ", ".join([*_listed(stop, DESTINATIONS), *classes])


def _stops_tool(order: Order, destination: str) -> bool:
    return stops_all(order) or destination in _listed(order, DESTINATIONS)


def _listed(order: Order, member: str) -> list[str]:
    values = order.scope.get(member)
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []
