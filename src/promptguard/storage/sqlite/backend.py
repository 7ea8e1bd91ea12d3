"""An installation's SQLite database: one file, for processes on one machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from promptguard.errors import StorageError
from promptguard.keys import Keys
from promptguard.redaction.vault import BLOCKED_LIFETIME, PLACEHOLDER_LIFETIME
from promptguard.storage.acknowledgements import DatabaseAcknowledgements
from promptguard.storage.changes import Topic
from promptguard.storage.data_keys import DatabaseKeys, refuse_anew
from promptguard.storage.evidence import DatabaseEvidence
from promptguard.storage.false_alarms import DatabaseFalseAlarms
from promptguard.storage.file_lock import FileLock
from promptguard.storage.interface import Backend
from promptguard.storage.justifications import DatabaseJustifications
from promptguard.storage.orders import DatabaseOrders
from promptguard.storage.policy_versions import DatabasePolicyVersions
from promptguard.storage.publications import DatabasePublications
from promptguard.storage.sightings import DatabaseSightings
from promptguard.storage.sqlite.audit_store import SQLiteStore
from promptguard.storage.sqlite.changes import SQLiteChanges
from promptguard.storage.sqlite.database import Database, open_database
from promptguard.storage.sqlite.key_file import KEY_FILE, KeyFile
from promptguard.storage.sqlite.lookups import SQLiteLookups
from promptguard.storage.vault.vault import DatabaseVault


class SQLiteBackend(Backend):
    """The record and the vault in one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key_file: KeyFile | None = None

    @classmethod
    def open(cls, path: Path) -> SQLiteBackend:
        """Open the database at `path`; it is made if it is not there, and brought up to date if it is older.

        Raises:
            StorageError: the file is no database of ours, is damaged, locked, or written by a newer PromptGuard.
        """
        return cls(open_database(path))

    @classmethod
    @contextmanager
    def to_read(cls, path: Path) -> Iterator[SQLiteBackend]:
        """The database at `path` for somebody who only reads: also where it cannot be written, as in a backup.

        SQLite writes beside a database that it only reads; what may not be written is read from a copy that is deleted
        afterwards.

        Raises:
            StorageError: see `open`; or it cannot be copied.
        """
        if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
            with closing(cls.open(path)) as backend:
                yield backend
            return
        with tempfile.TemporaryDirectory(prefix="promptguard-record-") as folder:
            copy = Path(folder) / path.name
            try:
                for each in (path, path.with_name(f"{path.name}-wal")):
                    if each.exists():
                        shutil.copyfile(each, copy.with_name(each.name))
            except OSError as error:
                raise StorageError(
                    path,
                    f"The database cannot be read: {error.strerror}.",
                    "Run this as a user who may read the data folder.",
                ) from None
            with closing(cls.open(copy)) as backend:
                yield backend

    def audit_store(self) -> SQLiteStore:
        return SQLiteStore(self._database)

    def key_store(self, keys: Path) -> DatabaseKeys:
        if self._key_file is None:
            path = keys / KEY_FILE
            if not path.exists():
                refuse_anew(path, self.audit_store())
            self._key_file = KeyFile.open(path)
        return DatabaseKeys(self._key_file)

    def vault(
        self,
        key: bytes,
        *,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
    ) -> DatabaseVault:
        return DatabaseVault(
            self._database,
            SQLiteLookups(self._database),
            key,
            placeholder_lifetime=placeholder_lifetime,
            blocked_lifetime=blocked_lifetime,
        )

    def sightings(self) -> DatabaseSightings:
        return DatabaseSightings(self._database)

    def evidence(self) -> DatabaseEvidence:
        return DatabaseEvidence(self._database)

    def policy_versions(self, key: bytes) -> DatabasePolicyVersions:
        return DatabasePolicyVersions(self._database, key)

    def publications(self, key: bytes) -> DatabasePublications:
        return DatabasePublications(self._database, key)

    def false_alarms(self, keys: Keys) -> DatabaseFalseAlarms:
        return DatabaseFalseAlarms(self._database, keys)

    def orders(self, keys: Keys) -> DatabaseOrders:
        return DatabaseOrders(self._database, keys)

    def acknowledgements(self, key: bytes) -> DatabaseAcknowledgements:
        return DatabaseAcknowledgements(self._database, key)

    def justifications(self, key: bytes) -> DatabaseJustifications:
        return DatabaseJustifications(self._database, key)

    def changes(self, *topics: Topic) -> SQLiteChanges:
        return self._database.changes(*topics)

    @contextmanager
    def alone(self, name: str, keys: Path) -> Iterator[bool]:
        path = keys / f"{name}.lock"
        try:
            lock = FileLock.take(path)
        except OSError as error:
            problem = f"It cannot be locked: {error.strerror}."
            raise StorageError(path, problem, "Run this as the user who runs PromptGuard.") from None
        try:
            yield lock is not None
        finally:
            if lock is not None:
                lock.release()

    def check_in_place(self) -> None:
        self._database.look_after()
        if self._key_file is not None:
            self._key_file.check_place()

    def when_overwritten(self, tell: Callable[[StorageError], object]) -> None:
        self._database.when_overwritten = tell

    def close(self) -> None:
        if self._key_file is not None:
            self._key_file.close()
        self._database.close()
