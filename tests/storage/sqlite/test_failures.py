import errno
import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from promptguard.storage.sqlite.failures import is_busy, storage_error, unreadable

PATH = Path("a.db")


def failing(code: int, name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("SELECT a value that nobody may see")
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    return error


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        (sqlite3.SQLITE_FULL, "SQLITE_FULL", "disk is full"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY", "read-only"),
        (sqlite3.SQLITE_BUSY, "SQLITE_BUSY", "locked"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "SQLITE_CORRUPT_INDEX", "damaged"),
        (sqlite3.SQLITE_NOTADB, "SQLITE_NOTADB", "not a database"),
        (sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE", "reported an error"),
        (sqlite3.SQLITE_MISUSE, "SQLITE_MISUSE", "failed"),
    ],
)
def test_sentences(code: int, name: str, expected: str) -> None:
    error = failing(code, name)
    for each in (error, DBAPIError("SELECT", {}, error)):
        said = str(storage_error(each, PATH))
        assert expected in said
        assert name in said
        assert "value" not in said
        assert is_busy(each) is (code == sqlite3.SQLITE_BUSY)


def test_error_without_a_code() -> None:
    assert "(ProgrammingError)" in str(storage_error(sqlite3.ProgrammingError("closed"), PATH))


def test_unreadable() -> None:
    assert os.strerror(errno.EIO) in str(unreadable(PATH, OSError(errno.EIO, os.strerror(errno.EIO))))
