"""Where sealed evidence is kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection


class EvidenceStore(ABC):
    """Keeps the sealed evidence of decisions, each as one file (`sealing`). From any thread."""

    @abstractmethod
    def add(self, decision_id: str, sealed: bytes, expires: int) -> None:
        """Keep the evidence of a decision; what is committed after it survives with it.

        Args:
            expires: seconds since 1970, from when on it is deleted.

        Raises:
            StorageError: it was not kept.
        """

    @abstractmethod
    def find(self, decision_id: str) -> bytes | None:
        """The evidence of a decision; None where there is none, or none any more.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def expiring(self, until: int) -> list[str]:
        """Ids of the decisions whose evidence expires until then, or has.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def postpone(self, decision_ids: Collection[str], expires: int) -> None:
        """Keep evidence until then.

        Raises:
            StorageError: it cannot be written.
        """

    @abstractmethod
    def forget(self, decision_ids: Collection[str]) -> None:
        """Delete the evidence of decisions that have expired.

        Raises:
            StorageError: it cannot be deleted.
        """

    @abstractmethod
    def forget_before(self, now: int) -> int:
        """Delete what has expired, and say of how many decisions.

        Raises:
            StorageError: it cannot be deleted.
        """
