"""What a kind of database has to give: a place for the record, and one for the vault.

A backend is a package beside this file: `sqlite` for one machine, `postgresql` for several. Both have the same tables
(`tables.py`), the same migrations and the same reading and vault, and each its own ways to connect and to lock a chain.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from promptguard.audit.interface import Store
from promptguard.audit.sealing.interface import KeyStore
from promptguard.destinations.sightings import SightingStore
from promptguard.detectors.false_alarms import FalseAlarmStore
from promptguard.errors import StorageError
from promptguard.evidence.interface import EvidenceStore
from promptguard.keys import Keys
from promptguard.policy.acknowledgements import AcknowledgementStore
from promptguard.policy.justifications import JustificationStore
from promptguard.policy.orders import OrderStore
from promptguard.policy.publications import PublicationStore
from promptguard.policy.versions import PolicyVersionStore
from promptguard.redaction.vault import BLOCKED_LIFETIME, PLACEHOLDER_LIFETIME, Vault
from promptguard.storage.changes import Changes, Topic


class Backend(ABC):
    """An open database of one installation, or of several. Several processes may have it open."""

    @abstractmethod
    def audit_store(self) -> Store:
        """Where decisions are recorded."""

    @abstractmethod
    def key_store(self, keys: Path) -> KeyStore:
        """Where the keys are that records are sealed under.

        Args:
            keys: the folder of the master key.

        Raises:
            StorageError: it cannot be opened; or it is gone, and records are there that were sealed with them.
        """

    @abstractmethod
    def vault(
        self,
        key: bytes,
        *,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
    ) -> Vault:
        """Where originals and marks are kept. The caller closes it, before the backend.

        Args:
            key: `Keys.vault`.
            placeholder_lifetime: seconds for which an original is kept after its placeholder was last issued.
            blocked_lifetime: seconds for which a mark of what was blocked or refused is kept.

        Raises:
            StorageError: the vault was written with another key, or cannot be read.
        """

    @abstractmethod
    def sightings(self) -> SightingStore:
        """Where is kept what was seen and is not known."""

    @abstractmethod
    def evidence(self) -> EvidenceStore:
        """Where sealed evidence is kept."""

    @abstractmethod
    def policy_versions(self, key: bytes) -> PolicyVersionStore:
        """Where the configurations are kept that decided; `key` is `Keys.configuration`."""

    @abstractmethod
    def publications(self, key: bytes) -> PublicationStore:
        """Where the configurations are kept that were published; `key` is `Keys.configuration`."""

    @abstractmethod
    def false_alarms(self, keys: Keys) -> FalseAlarmStore:
        """Where is kept what reviewers hold to be false alarms."""

    @abstractmethod
    def orders(self, keys: Keys) -> OrderStore:
        """Where is kept what people order beside the policy."""

    @abstractmethod
    def acknowledgements(self, key: bytes) -> AcknowledgementStore:
        """Where is kept who has acknowledged what; `key` is `Keys.acknowledgements`."""

    @abstractmethod
    def justifications(self, key: bytes) -> JustificationStore:
        """Where requests are kept that were held for a reason, and the reasons; `key` is `Keys.justifications`."""

    @abstractmethod
    def changes(self, *topics: Topic) -> Changes:
        """What tells when there may be something new. The caller closes it, before the backend."""

    @abstractmethod
    def alone(self, name: str, keys: Path) -> AbstractContextManager[bool]:
        """Hold a lock of this name among all who share the database; False where somebody else does. Waits for nobody.

        Args:
            keys: the folder of the master key.

        Raises:
            StorageError: it cannot be told.
        """

    @abstractmethod
    def check_in_place(self) -> None:
        """See that the database is still where others look for it, and as it was left.

        Raises:
            StorageError: it is gone, another one, or was overwritten.
        """

    @abstractmethod
    def when_overwritten(self, tell: Callable[[StorageError], object]) -> None:
        """Have this called once it is found that others have written into the database: from then on all is refused."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""
