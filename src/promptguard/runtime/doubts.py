"""Whether what people have decided beside the policy is still what they decided, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.detectors.false_alarms import FalseAlarmStore
from promptguard.keys import Keys
from promptguard.policy.orders import PROHIBITING, OrderStore
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_to_read
from promptguard.storage.interface import Backend

_SEE = "See `promptguard orders check`."


def told_of_orders(doubt: str) -> str:
    """What a doubt about orders means, as sentences; empty for none."""
    until = "Until somebody accepts what is there, no exception counts, and no status of a tool that is milder than the"
    return f"Orders beside the policy are in doubt. {doubt} {until} registry's. {_SEE}" if doubt else ""


def told_of_false_alarms(doubt: str) -> str:
    """What a doubt about accepted false alarms means, as sentences; empty for none."""
    until = "Until somebody accepts what is there, none of them counts."
    return f"Accepted false alarms are in doubt. {doubt} {until} {_SEE}" if doubt else ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What people have decided beside the policy. Waits for the database."""

    orders: OrderStore
    false_alarms: FalseAlarmStore

    @classmethod
    def of(cls, backend: Backend, keys: Keys) -> Self:
        """That of an open database."""
        return cls(backend.orders(keys), backend.false_alarms(keys))

    def doubts(self) -> Sequence[str]:
        """What is in doubt, each as sentences.

        Raises:
            StorageError: it cannot be read.
        """
        found = told_of_orders(self.orders.read().doubt), told_of_false_alarms(self.false_alarms.read().doubt)
        return [told for told in found if told]

    def restored(self, now: str) -> bool:
        """Put in doubt what a backup brings back, where it counts: some may have been ended since.

        Args:
            now: the time, as `Event.time`.

        Returns:
            Whether something is.

        Raises:
            StorageError: it cannot be kept.
        """
        orders = any(order.kind not in PROHIBITING and order.holds(now) for order in self.orders.all())
        if orders:
            self.orders.restored()
        alarms = any(each.holds(now) for each in self.false_alarms.all())
        if alarms:
            self.false_alarms.restored()
        return orders or alarms


@contextmanager
def opened_decided(config: Path, data: Path) -> Iterator[tuple[Decided, Bundle, Keys]]:
    """What was decided on an installation, its configuration and its keys.

    Raises:
        PromptGuardError: there is no installation, or its database cannot be opened.
    """
    folder, bundle = DataFolder(data), load_bundle(config)
    keys = Keys.load(folder.keys)
    with open_to_read(bundle.settings, folder) as backend:
        yield Decided.of(backend, keys), bundle, keys
