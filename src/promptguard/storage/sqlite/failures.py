"""What goes wrong with a SQLite database, in words that a person can act on."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from promptguard.errors import StorageError

_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make room on the disk that holds the data folder."),
    sqlite3.SQLITE_READONLY: (
        "The database is read-only.",
        "Give the user who runs PromptGuard write access to the data folder.",
    ),
    sqlite3.SQLITE_BUSY: (
        "Another process keeps the database locked.",
        "End the other program that has it open, such as a database browser or a backup.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database is damaged.",
        "Stop PromptGuard, keep a copy for examination, and restore the last backup.",
    ),
    sqlite3.SQLITE_NOTADB: ("The file is not a database.", "Move it aside, or name another data folder."),
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened.",
        "Give the user who runs PromptGuard write access to the data folder.",
    ),
    sqlite3.SQLITE_IOERR: ("The disk reported an error.", "Look after the disk that holds the data folder."),
}


def is_busy(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether somebody else was writing for longer than a connection waits."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def storage_error(error: DBAPIError | sqlite3.Error, path: Path) -> StorageError:
    """An error of the driver as one that a person can act on, without the driver's own words."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    name = getattr(cause, "sqlite_errorname", type(cause).__name__)
    # The low byte is the primary result code (https://sqlite.org/rescode.html).
    problem, remedy = _SENTENCES.get(
        code & 0xFF if isinstance(code, int) else -1,
        ("The database failed.", "See SQLite's description of this result code."),
    )
    return StorageError(path, f"{problem} ({name})", remedy)


def unreadable(path: Path, error: OSError) -> StorageError:
    """A file that cannot be read, as one that a person can act on."""
    return StorageError(
        path, f"The database cannot be read: {error.strerror}.", "Look after the disk that holds the data folder."
    )
