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
        at_least: the lowest number that is taken up.
    """

    def __init__(
        self,
        publications: Publications,
        store: PublicationStore,
        check: Callable[[Bundle], object],
        number: int = 0,
        *,
        at_least: int = 0,
    ) -> None:
        self._publications = publications
        self._store = store
        self._check = check
        self._at_least = at_least
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
        in_force = self._publications.number
        number = newest.number if newest else 0
        if number < self._at_least:
            has = f"the newest in the database is {number}" if newest else "there is none in the database"
            self.problem = (
                f"{_named(in_force).capitalize()} of the configuration stays in force: configuration.at_least is "
                f"{self._at_least}, and {has}. Publish once more, or look at who has changed the database."
            )
            self._refused = number if number != in_force else 0
            return False
        if newest is None or number in (in_force, self._refused):
            return False
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
            stays = _named(in_force)
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


def _named(number: int) -> str:
    return f"version {number}" if number else "the one before"
