"""The file of registered texts: fingerprints as keyed hashes, names encrypted, no plain text.

A SQLite database, so that texts are added, replaced and removed one by one, each whole or not at all, while a running
proxy reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from promptguard.detectors.fingerprints.scheme import Scheme
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.model import DataClass

_APPLICATION_ID = 0x50474650
"""`PGFP`, in the file's header (https://www.sqlite.org/fileformat2.html#application_id)."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS head (scheme TEXT NOT NULL, proof BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name BLOB NOT NULL UNIQUE,
    details BLOB NOT NULL,
    fingerprints BLOB NOT NULL
);
"""
_WAIT_SECONDS = 20.0


class Busy(PromptGuardError):
    """The file is being written, and that takes long."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a registered text besides its fingerprints."""

    name: str
    """What findings call it."""
    data_class: DataClass
    added: str
    """UTC, RFC 3339, seconds."""
    characters: int
    """Length of the text, of all its files."""
    files: int = 1
    boilerplate: bool = False
    """What it says counts for nothing in other texts, and it is no finding itself."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One registered text."""

    details: Details
    fingerprints: np.ndarray
    """Sorted, each once (`<u8`)."""


class FingerprintStore:
    """The registered texts in one file, under one key. Nothing is read before it is asked for."""

    def __init__(self, path: Path, key: bytes, scheme: Scheme) -> None:
        self._path = path
        self._scheme = scheme
        secret = hashlib.blake2b(key, digest_size=64, person=b"pg-prints-store").digest()
        self._name_key, details_key = secret[:32], secret[32:]
        self._cipher = AESGCMSIV(details_key)
        self._proof = hashlib.blake2b(scheme.version.encode(), digest_size=16, key=secret).digest()

    def put(self, entries: Iterable[IndexEntry]) -> None:
        """Add texts, each in place of one of the same name; all of them or none.

        Raises:
            ConfigError: see `read`; or the file cannot be written.
        """
        with self._writing() as connection:
            for entry in entries:
                fingerprints = np.ascontiguousarray(entry.fingerprints, dtype="<u8").tobytes()
                name = self._name(entry.details.name)
                plain = json.dumps(asdict(entry.details)).encode()
                connection.execute("DELETE FROM entries WHERE name = ?", (name,))
                connection.execute(
                    "INSERT INTO entries (name, details, fingerprints) VALUES (?, ?, ?)",
                    (name, self._cipher.encrypt(bytes(12), plain, _digest(fingerprints)), fingerprints),
                )

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove texts by name; the names of which there was none.

        Raises:
            ConfigError: see `put`.
        """
        with self._writing() as connection:
            return [
                name
                for name in names
                if not connection.execute("DELETE FROM entries WHERE name = ?", (self._name(name),)).rowcount
            ]

    def details(self) -> list[Details]:
        """What is registered, in the order in which it was.

        Raises:
            ConfigError: see `read`.
        """
        return [entry.details for entry in self.read()]

    def read(self) -> Iterator[IndexEntry]:
        """All registered texts, as they are at one moment, in the order in which they were added.

        Raises:
            ConfigError: the file cannot be read, is damaged, or was made with another key.
            Busy: it is being written, and that takes long.
        """
        with self._open("rw", create=False) as connection:
            self._check(connection)
            for name, details, fingerprints in connection.execute(
                "SELECT name, details, fingerprints FROM entries ORDER BY id"
            ):
                yield self._entry(name, details, fingerprints)

    def size(self) -> int:
        """How many fingerprints there are in all, to make room for them.

        Raises:
            ConfigError: see `read`.
        """
        with self._open("rw", create=False) as connection:
            self._check(connection)
            (count,) = connection.execute("SELECT coalesce(sum(length(fingerprints)), 0) FROM entries").fetchone()
            return int(count) // 8

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open("rwc", create=True) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                if not connection.execute("SELECT count(*) FROM head").fetchone()[0]:
                    connection.execute("INSERT INTO head VALUES (?, ?)", (self._scheme.version, self._proof))
                self._check(connection)
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _open(self, mode: str, *, create: bool) -> Iterator[sqlite3.Connection]:
        try:
            if create:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            uri = f"{self._path.absolute().as_uri()}?mode={mode}"
            connection = sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
            with closing(connection):
                if create and not self._path.stat().st_size:
                    connection.execute("PRAGMA auto_vacuum = FULL")
                    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                elif connection.execute("PRAGMA application_id").fetchone() != (_APPLICATION_ID,):
                    raise self._damaged()
                connection.execute("PRAGMA secure_delete = ON")
                if create:
                    connection.executescript(_SCHEMA)
                yield connection
        except sqlite3.OperationalError as error:
            # Its names are in https://www.sqlite.org/rescode.html; SQLITE_ERROR is a table that is not there.
            name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
            if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise Busy(f"{self._path} is being written by another command. Try again when that is done.") from None
            raise self._damaged() if name == "SQLITE_ERROR" else self._unusable(f"cannot be used: {name}") from None
        except sqlite3.Error:
            raise self._damaged() from None
        except OSError as error:
            raise self._unusable(f"cannot be used: {error.strerror}") from None

    def _check(self, connection: sqlite3.Connection) -> None:
        heads = connection.execute("SELECT scheme, proof FROM head").fetchall()
        if len(heads) == 1 and heads[0][0] != self._scheme.version and str(heads[0][0]).startswith(self._scheme.id):
            raise self._unusable("was made by another version of PromptGuard")
        if heads != [(self._scheme.version, self._proof)]:
            raise self._damaged()

    def _entry(self, name: bytes, details: bytes, fingerprints: bytes) -> IndexEntry:
        try:
            values = json.loads(self._cipher.decrypt(bytes(12), details, _digest(fingerprints)))
            known = Details(**{**values, "data_class": DataClass(values["data_class"])})
        except (InvalidTag, ValueError, TypeError, KeyError):
            raise self._damaged() from None
        if self._name(known.name) != name:
            raise self._damaged()
        return IndexEntry(known, np.frombuffer(fingerprints, dtype="<u8"))

    def _name(self, name: str) -> bytes:
        return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16, key=self._name_key).digest()

    def _damaged(self) -> ConfigError:
        return self._unusable(f"is no index of {self._scheme.id}, is damaged, or was made with another key")

    def _unusable(self, problem: str) -> ConfigError:
        remedy = f"restore it, or delete it and run `promptguard {self._scheme.id} add` again"
        return ConfigError(self._path, None, problem, remedy)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=32).digest()
