"""Orders in an installation's database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend

TIME = "2026-03-01T09:30:00.000Z"


def order_of(kind: OrderKind, scope: Mapping[str, Any], id: str = "or-1", *, expires: str = "") -> Order:
    """One that Ann asks for, and that waits for another person; a stop is in force as it is given."""
    state = OrderState.IN_FORCE if kind is OrderKind.STOP else OrderState.ASKED
    return Order(id, kind, state, scope, "R.", "a1", "Ann", TIME, expires=expires)


def put_in_force(data: Path, *orders: Order) -> None:
    """Keep orders in the database of a data folder, which is made where it is not there; Bob approves them."""
    keys = Keys.load_or_create(data / "keys")
    backend = open_backend(Settings(), DataFolder(data), keys)
    try:
        store = backend.orders(keys)
        for order in orders:
            store.add(order)
            if order.state is OrderState.ASKED:
                store.approve(order.id, Approval("a2", "Bob", TIME))
    finally:
        backend.close()
