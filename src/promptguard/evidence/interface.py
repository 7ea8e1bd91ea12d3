"""Where sealed evidence is kept."""

from __future__ import annotations

from abc import ABC, abstractmethod


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
    def forget_before(self, now: int) -> int:
        """Delete what has expired, and say of how many decisions.

        Raises:
            StorageError: it cannot be deleted.
        """
