"""The configurations that decided: what each decision's `policy_hash` leads to, and which proxies run which.

A proxy keeps what it runs when it starts and when it takes up a change, since the one that decided knows for sure; a
console may run elsewhere. Who wrote a file is not kept: nobody knows.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

POLICY_FILE: Final = "policy.yaml"

MAX_SILENCE_SECONDS: Final = 120
"""A proxy that has not said for so long that it runs counts as gone."""


@dataclass(frozen=True, slots=True)
class ConfigurationText:
    """The files that decide: the policy, the services and the recognizers, as they were read."""

    policy_hash: str
    policy_name: str
    """Its `version`."""
    files: Mapping[str, str] = field(repr=False)
    """Texts by their paths in the configuration folder."""

    @property
    def hash(self) -> str:
        """SHA-256 over paths and texts."""
        digest = hashlib.sha256()
        for name, text in sorted(self.files.items()):
            digest.update(f"{name}\0{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A configuration that was in force."""

    hash: str
    policy_hash: str
    policy_name: str
    first_seen: str
    """When a proxy first took it up, as `Event.time`."""
    last_seen: str
    """When a proxy last said that it runs it."""


@dataclass(frozen=True, slots=True)
class PolicyRun:
    """What one proxy runs."""

    process: str
    machine: str
    hash: str
    since: str
    seen: str


class PolicyVersionStore(ABC):
    """Keeps them. From any thread."""

    @abstractmethod
    def keep(self, text: ConfigurationText, ruleset_version: str, *, process: str, machine: str, now: str) -> None:
        """A process has taken this up.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def still(self, process: str, now: str) -> None:
        """A process still runs what it took up.

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
    def all(self) -> Sequence[PolicyVersion]:
        """All that were in force, the last one that was taken up first.

        Raises:
            StorageError: they cannot be read.
        """

    @abstractmethod
    def files(self, hash: str) -> Mapping[str, str] | None:
        """The texts of one by their paths; None where it is not kept, or was not written with this key.

        Raises:
            StorageError: they cannot be read.
        """

    @abstractmethod
    def of_decision(self, policy_hash: str, ruleset_version: str, time: str) -> PolicyVersion | None:
        """What decided at a time; None where it is not kept.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def running(self, since: str) -> Sequence[PolicyRun]:
        """What the processes run that said so at a time or after it.

        Raises:
            StorageError: it cannot be read.
        """
