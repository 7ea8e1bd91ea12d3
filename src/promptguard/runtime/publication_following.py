"""One process's part in published configurations: it takes up the newest, and says so."""

from __future__ import annotations

import hashlib
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import Bundle
from promptguard.errors import PromptGuardError, StorageAway, StorageError
from promptguard.policy.publications import PublicationStore
from promptguard.runtime.publications import NotWritten, Publications

logger = logging.getLogger(__name__)


class PublicationFollowing:
    """All of it waits for the database; call it in a thread, one at a time.

    Args:
        check: raises a `PromptGuardError` for a configuration that cannot be used.
        number: which of several processes on one data folder this is. One that was killed and started again is the
            same.
    """

    def __init__(
        self, publications: Publications, store: PublicationStore, check: Callable[[Bundle], object], number: int = 0
    ) -> None:
        self._publications = publications
        self._store = store
        self._check = check
        place = f"{socket.gethostname()}\0{publications.current.absolute()}\0{number}"
        self._process = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()
        self._refused = 0
        self.problem = ""
        """Why the newest is not in force; empty where it is."""

    def take_up(self) -> bool:
        """Take up what has been published since; whether anything was."""
        try:
            newest = self._store.newest()
        except StorageAway:
            return False  # that it is away is told elsewhere
        except StorageError as error:
            self.problem = f"What was published is not taken up: {error}"
            return False
        if newest is None or newest.number in (self._publications.number, self._refused):
            return False
        number, in_force = newest.number, self._publications.number
        if number < in_force:
            self._refused = number
            self.problem = (
                f"Version {in_force} of the configuration stays in force: the newest in the database is {number}. If a "
                "backup was put back, publish once more."
            )
            return False
        try:
            self._publications.take_up(newest, self._store, self._check)
        except StorageAway:
            return False
        except PromptGuardError as error:
            if not isinstance(error, NotWritten):
                self._refused = number
            stays = f"version {in_force}" if in_force else "the one before"
            self.problem = f"Version {number} of the configuration is not taken up, and {stays} stays in force. {error}"
            self.still_runs()
            return False
        self.problem = ""
        logger.info("Version %d of the configuration, published by %s: %s", number, newest.author, newest.reason)
        return True

    def still_runs(self) -> None:
        """Say what is in force, if that can be told."""
        with suppress(StorageError):
            self._store.says(
                self._process,
                socket.gethostname(),
                taken=self._publications.number,
                refused=self._refused,
                now=timestamp(datetime.now(UTC)),
            )

    def ended(self) -> None:
        """Say that it runs no more, if that can be told."""
        with suppress(StorageError):
            self._store.ended(self._process)
