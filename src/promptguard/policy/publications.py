"""Configurations that were signed and published for all proxies that share a database, and what these made of them."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

_SIGNED: Final = "promptguard configuration"
"""What signatures begin with, so that one over something else is none of these."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of the configuration: what it says, who published it when, and why."""

    number: int
    """From 1, each higher than those before: a proxy goes to higher ones alone, also where an older one is restored."""
    hash: str
    """`files_hash` of its files."""
    time: str
    """As `Event.time`."""
    author: str
    reason: str
    restores: int = 0
    """The number of the earlier version whose files these are; 0 for new ones."""
    signature: bytes = b""
    """Ed25519 (RFC 8032) over `signed`."""

    @property
    def signed(self) -> bytes:
        """What is signed."""
        facts = [_SIGNED, self.number, self.hash, self.time, self.author, self.reason, self.restores]
        return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()

    def with_signature(self, signature: bytes) -> Publication:
        """The same, signed."""
        return replace(self, signature=signature)


@dataclass(frozen=True, slots=True)
class PublicationRun:
    """What one process made of them."""

    machine: str
    taken: int
    """The number of the one in force; 0 where that is none."""
    refused: int
    """The number of the last one that could not be taken up; 0 for none."""


def files_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over paths and contents."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{len(name.encode())} {len(content)} {name}\0".encode())
        digest.update(content)
    return digest.hexdigest()


class PublicationStore(ABC):
    """Keeps them. From any thread."""

    @abstractmethod
    def publish(self, publication: Publication, files: Mapping[str, bytes]) -> None:
        """Keep one, and tell all who follow.

        Raises:
            StorageError: it cannot be kept; or another one of that number, or a higher one, is there.
        """

    @abstractmethod
    def newest(self) -> Publication | None:
        """The one with the highest number.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def all(self) -> Sequence[Publication]:
        """All, the newest first.

        Raises:
            StorageError: they cannot be read.
        """

    @abstractmethod
    def files(self, publication: Publication) -> Mapping[str, bytes] | None:
        """The files of one by their paths; None where they cannot be opened with this key.

        Raises:
            StorageError: they cannot be read.
        """

    @abstractmethod
    def says(self, process: str, machine: str, *, taken: int, refused: int, now: str) -> None:
        """A process tells what it runs.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def ended(self, process: str) -> None:
        """A process runs no more.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def running(self, since: str) -> Sequence[PublicationRun]:
        """What the processes said that said anything at a time or after it.

        Raises:
            StorageError: it cannot be read.
        """
