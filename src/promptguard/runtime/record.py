"""The record of an installation, opened for reading by itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.reading import Reader
from promptguard.configuration.bundle import load_bundle
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.storage.interface import Backend
from promptguard.storage.sqlite.backend import SQLiteBackend

logger = logging.getLogger(__name__)


def note_overwritten(error: PromptGuardError, keys: Keys) -> None:
    """Note beside the keys, for good, that the database was overwritten in place."""
    logger.error("%s", error)
    try:
        HeadFiles(keys.folder, keys.audit).note_overwritten(timestamp(datetime.now(UTC)))
    except OSError as failed:
        logger.error("That could not be noted beside the keys: %s.", failed.strerror)


@contextmanager
def open_reader(database: Path, keys: Path, may_leave: PrivacyFilter | None = None) -> Iterator[Reader]:
    """Open a record for reading; see `open_to_read` and `Reader`."""
    with open_to_read(database, keys) as backend:
        yield Reader(backend.audit_store(), partial(Keys.load, keys), may_leave)


@contextmanager
def open_to_read(database: Path, keys: Path) -> Iterator[Backend]:
    """Open an installation's database for somebody who only reads.

    Args:
        database: the file of the record.
        keys: the folder of the master key.

    Raises:
        PromptGuardError: there is no record, or it cannot be read.
    """
    check_not_gone(database, keys)
    if not database.exists():
        raise PromptGuardError(f"{database}: there is no record yet. It is made when the proxy first starts.")
    with SQLiteBackend.to_read(database) as backend:
        yield backend


def check_not_gone(database: Path, keys: Path) -> None:
    """See that a record that was begun is there, before anybody makes a new file in its place.

    Raises:
        PromptGuardError: the database is gone.
    """
    if not database.exists() and any(keys.glob("audit*.head")):
        raise PromptGuardError(
            f"{database}: the record is gone: it had been begun. Nothing was changed.\n  Put the database and the files"
            f" beside it back, or restore the last backup; or keep {keys / 'audit*.head'} aside as evidence and start"
            " again, which begins a new record, and notes that for good."
        )


def open_record(config: Path, data: Path) -> AbstractContextManager[Reader]:
    """The record of an installation."""
    folder = DataFolder(data)
    audit = load_bundle(config).settings.audit
    return open_reader(folder.at(audit.path), folder.keys, PrivacyFilter(audit.leave_out))
