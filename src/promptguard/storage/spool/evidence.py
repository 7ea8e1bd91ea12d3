"""Sealed evidence while its database is away: it waits on this machine's disk, and is there before its decisions are.

It is sealed to the company's key before it gets here; the file is encrypted on top of that, as all that waits.
"""

from __future__ import annotations

import logging
import threading
import time
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy.dialects.postgresql import insert

from promptguard.errors import StorageAway, StorageError
from promptguard.storage.evidence import DatabaseEvidence
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.spool.file import SpoolFull
from promptguard.storage.spool.owned import OwnedFiles
from promptguard.storage.spool.records import SpoolFolder
from promptguard.storage.tables import evidence

log = logging.getLogger(__name__)

DELIVERY_SECONDS: Final = 0.3
"""For which is delivered in one go: a decision that is recorded meanwhile waits that long."""

_SUFFIX: Final = ".evidence"


class SpooledEvidence(DatabaseEvidence):
    """See `EvidenceStore`. What is in the database already is known by its decision, and put there once.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: OpenDatabase, folder: SpoolFolder, now: Callable[[], float] = time.time) -> None:
        super().__init__(database, now)
        self._folder = folder
        self._lock = threading.Lock()
        self._files: OwnedFiles | None = None
        self._rest: Iterator[bytes] | None = None
        """What of the files is not delivered yet; None where it is not known."""
        self._delivering: bytes | None = None
        """Read, and not known to be in the database."""
        self._problem: StorageError | None = None
        self.waiting = bool(self._left())
        """Whether there is something that the database may not have."""

    def add(self, decision_id: str, sealed: bytes, expires: int) -> None:
        try:
            super().add(decision_id, sealed, expires)
        except StorageAway:
            self._keep(orjson.dumps([decision_id, b2a_base64(sealed, newline=False).decode(), expires]))

    def deliver_some(self) -> bool:
        """Bring some of what waits into the database, and say whether there is more.

        Raises:
            StorageAway: the database is away.
        """
        with self._lock:
            if self._problem is not None or not (self._files or self._left()):
                self.waiting = False
                return False
            try:
                self.waiting = self._deliver()
            except StorageAway:
                raise
            except StorageError as error:  # decisions do not wait for it
                self._problem = error
                self.waiting = False
                log.error(
                    "Evidence that waits is kept, and none is kept any more while the database is away. %s", error
                )
            return self.waiting

    def _deliver(self) -> bool:
        until = time.monotonic() + DELIVERY_SECONDS
        files = self._owned()
        if self._rest is None:
            files.take_left(self._folder)
            self._rest = files.contents()
        while (content := self._delivering or next(self._rest, None)) is not None:
            self._delivering = content
            self._insert(content)
            self._delivering = None
            if time.monotonic() > until:
                return True
        files.clear()
        self._rest = None
        return False

    def close(self) -> None:
        """Leave what waits to the next process. Can be called twice."""
        with self._lock:
            if self._files is not None:
                self._files.close()
            self._files = self._rest = None

    def _left(self) -> list[Path]:
        return list(self._folder.path.glob(f"*{_SUFFIX}"))

    def _owned(self) -> OwnedFiles:
        if self._files is None:
            self._files = OwnedFiles(self._folder, _SUFFIX)
        return self._files

    def _keep(self, content: bytes) -> None:
        with self._lock:
            if self._problem is not None:
                raise self._problem
            files = self._owned()
            try:
                files.append(content, durable=True)
            except (SpoolFull, OSError) as error:
                problem = "is full" if isinstance(error, SpoolFull) else f"cannot be written: {error.strerror}"
                raise StorageError(
                    files.path,
                    f"The database is away, and the spool for evidence {problem}.",
                    "See that the database can be reached again; see `audit.spool`.",
                ) from None
            self.waiting = True

    def _insert(self, content: bytes) -> None:
        decision_id, sealed, expires = orjson.loads(content)
        if expires <= self._now():
            return
        row = {"event_id": decision_id, "sealed": a2b_base64(sealed), "expires": expires}
        with self._database.writing() as connection:
            connection.execute(insert(evidence).values(row).on_conflict_do_nothing())
