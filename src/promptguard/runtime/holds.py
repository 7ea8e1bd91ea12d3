"""The legal holds of an installation, as its console sees, puts on and lifts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from promptguard.audit.retention.held import HeldDecisions
from promptguard.audit.retention.holds import Hold, holds
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import held_decisions
from promptguard.runtime.retention import open_retention
from promptguard.storage.interface import Backend

PATIENCE_SECONDS: Final = 5.0
"""So long somebody who puts a hold on waits for an expiry that is under way."""


@dataclass(frozen=True, slots=True)
class HoldKeeper:
    """For any thread; all of it waits for the database."""

    backend: Backend
    keys: Keys
    settings: Settings
    folder: DataFolder

    def all(self) -> list[Hold]:
        """All holds that ever were, the newest first.

        Raises:
            RecordDamaged: a statement on holds was changed.
            StorageError: the record cannot be read.
        """
        return holds(self.backend.audit_store(), self.keys.audit)[::-1]

    def held(self) -> HeldDecisions:
        """What is under one now; raises what `all` does."""
        return held_decisions(self.backend, self.keys)

    def put_on(self, hold: Hold) -> None:
        """Put one on, by a statement in a chain of its own.

        Raises:
            PromptGuardError: see `Retention.hold`.
        """
        with open_retention(self.settings, self.folder, patience=PATIENCE_SECONDS) as retention:
            retention.put_on(hold)

    def lift(self, id: str, by: str, reason: str, asked_by: str) -> None:
        """Lift one.

        Args:
            by, asked_by: the names of the two people that it takes.

        Raises:
            PromptGuardError: see `Retention.release`.
        """
        with open_retention(self.settings, self.folder) as retention:
            retention.lift(id, by, reason, asked_by)
