"""How a proxy takes up what people order beside the policy, and how commands give orders."""

from __future__ import annotations

import contextlib
import hmac
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from promptguard.configuration.settings import Settings
from promptguard.errors import StorageAway, StorageError
from promptguard.keys import Keys
from promptguard.policy.orders import (
    LASTING,
    Approval,
    Order,
    OrderKind,
    OrderState,
    OrderStore,
    is_gone,
    is_known_for_sure,
)
from promptguard.policy.standing import NOTHING_STANDS, Standing
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.policy_exchange import now
from promptguard.runtime.record import open_to_read

log = logging.getLogger(__name__)

_UNREADABLE: Final = Order(
    id="or-unreadable",
    kind=OrderKind.STOP,
    state=OrderState.IN_FORCE,
    scope={"all": True},
    reason="The database is away, and what was stopped before cannot be read.",
    asked_by="",
    asked_name="",
    asked="",
    genuine=False,
)
"""Stands for a copy that somebody has changed, until the database is back."""


@dataclass(frozen=True, slots=True)
class KeptOrders:
    """A copy of the stops, suspensions and statuses of tools in force, for while the database is away or in doubt.

    Args:
        path: the file; its first 32 bytes are the seal of the rest, which is JSON.
        key: `Keys.orders`.
    """

    path: Path
    key: bytes

    def keep(self, orders: Iterable[Order]) -> None:
        """Replace the copy.

        Raises:
            OSError: it cannot be written.
        """
        kept = [asdict(order) for order in orders if order.kind in LASTING]
        if not kept and not self.path.exists():
            return
        content = orjson.dumps(kept)
        temporary = self.path.with_suffix(f".{os.getpid()}.new")  # several processes may share the folder
        temporary.write_bytes(self._seal(content) + content)
        temporary.replace(self.path)

    def read(self) -> list[Order]:
        """The copy; a stop of all where it cannot be read as it was written; nothing where there is none."""
        try:
            written = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError:
            return [_UNREADABLE]
        seal, content = written[:32], written[32:]
        if not hmac.compare_digest(seal, self._seal(content)):
            return [_UNREADABLE]
        try:
            return [_order(members) for members in orjson.loads(content)]
        except (KeyError, TypeError, ValueError):  # a later version knows of more
            return [_UNREADABLE]

    def _seal(self, content: bytes) -> bytes:
        return hmac.digest(self.key, b"kept orders\0" + content, "sha256")


def _order(members: dict[str, Any]) -> Order:
    read = {"kind": OrderKind(members["kind"]), "state": OrderState(members["state"])}
    approvals = tuple(Approval(**each) for each in members["approvals"])
    return Order(**{**members, **read, "approvals": approvals})


class OrdersFollowing:
    """One process's part in it. Waits for the database; call it in a thread, one call at a time.

    Args:
        now: the time, as `Event.time`.
    """

    def __init__(self, store: OrderStore, kept: KeptOrders, now: Callable[[], str] = now) -> None:
        self._store = store
        self._kept = kept
        self._now = now
        self.doubt = ""
        """See `OrdersRead`."""
        self._revision = ""
        self._standing = NOTHING_STANDS

    def changed(self) -> Standing | None:
        """What is in force now; None where nothing has changed since the last call.

        Raises:
            StorageError: it cannot be read; what was in force is so until it expires.
        """
        revision = self._store.revision()
        if revision == self._revision:
            return None
        orders, self.doubt = self._store.read()
        before = self._standing
        self._standing = Standing.of(orders, self._now(), before, whole=not self.doubt)
        self._revision = revision
        with contextlib.suppress(OSError):  # a full disk is told elsewhere, and must not hold up a stop
            self._kept.keep(self._standing.orders)
        with contextlib.suppress(StorageError):  # neither must a database that cannot be written
            gone = self._gone(orders) if self.doubt else []
            self._store.note(gone)
            if gone:
                told = ", ".join(f"{order.id} ({order.kind.replace('_', ' ')})" for order in gone)
                log.warning("What was gone from the database, or changed in it, is put back: %s.", told)
        return None if self._standing == before else self._standing

    def _gone(self, orders: Iterable[Order]) -> list[Order]:
        """What is in force here, and gone from the database."""
        there = {order.id: order for order in orders}
        known = filter(is_known_for_sure, self._standing.orders)
        return [order for order in known if is_gone(order, there.get(order.id))]

    def at_start(self) -> Standing:
        """What is in force as a process starts; where the database is away, what was stopped when it last was there.

        Raises:
            StorageError: it cannot be read, though the database is there.
        """
        self._standing = Standing.of(self._kept.read(), self._now())
        with contextlib.suppress(StorageAway):
            self.changed()
        return self._standing


def standing_now(settings: Settings, folder: DataFolder, keys: Keys) -> Standing:
    """What is in force on an installation; nothing where no proxy has started on it yet.

    Raises:
        StorageError: its database cannot be read.
    """
    if settings.database is None and not folder.at(settings.audit.path).exists():
        return NOTHING_STANDS
    with open_to_read(settings, folder) as backend:
        return Standing.of(backend.orders(keys).all(), now())


@contextlib.contextmanager
def orders_of(settings: Settings, folder: DataFolder) -> Iterator[tuple[OrderStore, Keys]]:
    """The orders of an installation, whatever else of its configuration is wrong, and its keys.

    Raises:
        PromptGuardError: there is no installation, or its database cannot be opened.
    """
    keys = Keys.load(folder.keys)
    with open_to_read(settings, folder) as backend:
        yield backend.orders(keys), keys
