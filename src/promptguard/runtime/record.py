"""The database of an installation: opened by the proxy, or for reading by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.reading import Reader
from promptguard.audit.retention.held import HeldDecisions
from promptguard.audit.retention.holds import holds
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.audit.sealing.opened_store import OpenedStore
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.configuration.spool_settings import SpoolSettings
from promptguard.errors import PromptGuardError, StorageAway, StorageError
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import installation_id
from promptguard.runtime.state import read_state, runs
from promptguard.storage.changes import MAX_WAIT_SECONDS, Topic
from promptguard.storage.interface import Backend
from promptguard.storage.spool.records import SpoolFolder
from promptguard.storage.sqlite.backend import SQLiteBackend

logger = logging.getLogger(__name__)

_NOBODY = "0" * 12
"""The id of a data folder that has written nothing into a database of several."""


def note_overwritten(error: PromptGuardError, keys: Keys) -> None:
    """Note beside the keys, for good, that the database was overwritten in place."""
    logger.error("%s", error)
    try:
        HeadFiles(keys.folder, keys.audit).note_overwritten(timestamp(datetime.now(UTC)))
    except OSError as failed:
        logger.error("That could not be noted beside the keys: %s.", failed.strerror)


def open_backend(settings: Settings, folder: DataFolder, keys: Keys) -> Backend:
    """The database of records and of replaced values: a server's where one is named, else a file.

    Args:
        keys: in whose folder the heads of the record stand.

    Raises:
        PromptGuardError: it is gone, or cannot be opened.
    """
    if settings.database is not None:
        return _open_server(settings, installation_id(folder), _spool(settings.audit.spool, folder, keys))
    database = folder.at(settings.audit.path)
    check_not_gone(database, keys.folder)
    return SQLiteBackend.open(database)


def _spool(settings: SpoolSettings, folder: DataFolder, keys: Keys) -> SpoolFolder | None:
    if not settings.enabled:
        return None
    max_bytes, max_age = settings.size_mb * 2**20, settings.age_hours * 3600
    return SpoolFolder(folder.spool, keys.spool, max_bytes=max_bytes, max_age=max_age)


def _open_server(settings: Settings, installation: str, spool: SpoolFolder | None = None) -> Backend:
    check_driver()
    from promptguard.storage.postgresql.backend import PostgreSQLBackend

    assert settings.database is not None
    return PostgreSQLBackend.open(settings.database.get_secret_value(), installation, spool)


def record_place(settings: Settings, folder: DataFolder) -> str:
    """Where decisions are recorded, without a password.

    Raises:
        StorageError: the address of the database cannot be read, or its driver is not installed.
    """
    if settings.database is None:
        return str(folder.at(settings.audit.path))
    check_driver()
    from promptguard.storage.postgresql.address import Address

    return Address.parse(settings.database.get_secret_value()).shown


def check_driver() -> None:
    """See that a server's database can be spoken to.

    Raises:
        StorageError: its driver is not installed.
    """
    try:
        import psycopg  # noqa: F401 - whether it is there
    except ImportError:
        remedy = "Install PromptGuard with it: promptguard[postgresql]; in a checkout: make run installs it."
        raise StorageError("database", "The driver for PostgreSQL, psycopg, is not installed.", remedy) from None


def key_ring(backend: Backend, keys: Keys) -> KeyRing:
    """What events are sealed and opened with.

    Raises:
        StorageError: the keys of the record cannot be opened, or are gone.
    """
    store = backend.audit_store()

    def newest() -> int:
        try:
            return store.newest()
        except StorageAway:
            return 0  # all that a key seals comes later than that, too

    return KeyRing(backend.key_store(keys.folder), keys.records, newest)


def opened_store(backend: Backend, keys: Keys | Callable[[], Keys]) -> OpenedStore:
    """The record for those who read decisions.

    Args:
        keys: or what loads them, where they are needed for the first time.
    """
    return OpenedStore(backend.audit_store(), lambda: key_ring(backend, keys if isinstance(keys, Keys) else keys()))


def held_decisions(backend: Backend, keys: Keys) -> HeldDecisions:
    """What is under a legal hold now.

    Raises:
        RecordDamaged: a statement on holds was changed.
        StorageError: the record cannot be read.
    """
    store = backend.audit_store()
    return HeldDecisions(holds(store, keys.audit), store, key_ring(backend, keys))


class NewDecisions:
    """Tells whoever follows the record when to look."""

    def __init__(self, backend: Backend) -> None:
        self._changes = backend.changes(Topic.RECORDS)

    def wait(self) -> None:
        """Return when there may be new decisions, or after some seconds. For one thread."""
        self._changes.wait(MAX_WAIT_SECONDS)

    def close(self) -> None:
        """Wait no more. From any thread; can be called twice."""
        self._changes.close()


@contextmanager
def open_reader(settings: Settings, folder: DataFolder, may_leave: PrivacyFilter | None = None) -> Iterator[Reader]:
    """Open a record for reading; see `open_to_read` and `Reader`."""
    with open_to_read(settings, folder) as backend:
        load_keys = partial(Keys.load, folder.keys)
        with closing(NewDecisions(backend)) as new:
            yield Reader(
                opened_store(backend, load_keys),
                load_keys,
                may_leave,
                key_ring=lambda: key_ring(backend, load_keys()),
                wait=new.wait,
            )


@contextmanager
def open_to_read(settings: Settings, folder: DataFolder) -> Iterator[Backend]:
    """Open an installation's database for somebody who only reads.

    Raises:
        PromptGuardError: there is no record, or it cannot be read.
    """
    if settings.database is not None:
        installation = installation_id(folder) if folder.installation.exists() else _NOBODY
        with closing(_open_server(settings, installation)) as backend:
            yield backend
        return
    database = folder.at(settings.audit.path)
    check_not_gone(database, folder.keys)
    if not database.exists():
        raise no_record(database, folder)
    with SQLiteBackend.to_read(database) as backend:
        yield backend


def no_record(database: Path, folder: DataFolder) -> PromptGuardError:
    """Why there is no file with a record: perhaps the running proxy has it elsewhere."""
    if any(state is not None and state.on_server and runs(state) for state in map(read_state, folder.states())):
        return StorageError(
            str(database),
            "The running proxy records into a PostgreSQL database, which is not named here.",
            "Set PROMPTGUARD_DATABASE for this command as for the proxy, or name `database_file` in promptguard.yaml.",
        )
    return PromptGuardError(f"{database}: there is no record yet. It is made when the proxy first starts.")


def check_not_gone(database: Path, keys: Path) -> None:
    """See that a record that was begun in a file is there, before anybody makes a new file in its place.

    Raises:
        PromptGuardError: the database is gone.
    """
    if not database.exists() and HeadFiles(keys, bytes(32)).chains():
        raise PromptGuardError(
            f"{database}: the record is gone: it had been begun. Nothing was changed.\n  Put the database and the files"
            f" beside it back, or restore the last backup; or keep {keys / 'audit*.head'} aside as evidence and start"
            " again, which begins a new record, and notes that for good."
        )


def open_record(config: Path, data: Path) -> AbstractContextManager[Reader]:
    """The record of an installation."""
    settings = load_bundle(config).settings
    return open_reader(settings, DataFolder(data), PrivacyFilter(settings.audit.leave_out))
