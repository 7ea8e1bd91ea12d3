"""What others than SQLite write into the files of an open database is noticed before anything is committed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from promptguard.errors import StorageError
from promptguard.storage.sqlite.database import Database, open_database
from promptguard.storage.tables import meta

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SQLite's locks keep others out there")


def write(database: Database, name: str, size: int = 20_000) -> None:
    with database.writing() as connection:
        connection.execute(insert(meta).values(name=name, value="v" * size))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """With some pages in the database, and some in its log; an older copy beside it."""
    with closing(open_database(tmp_path / "a.db")) as database:
        write(database, "first")
        database.empty_log()
        shutil.copyfile(database.path, tmp_path / "older.db")
        for number in range(5):
            write(database, f"second {number}")
        database.empty_log()
        write(database, "third")
        yield database


def log_of(database: Database) -> Path:
    return database.path.with_name(f"{database.path.name}-wal")


def overwrite(path: Path, content: bytes, offset: int = 0) -> None:
    with path.open("r+b") as stream:
        stream.seek(offset)
        stream.write(content)


def with_another(database: Database) -> None:
    path = database.path.with_name("another.db")
    with closing(open_database(path)) as another:
        write(another, "another", 100_000)
    overwrite(database.path, path.read_bytes())


def with_an_older_copy(database: Database) -> None:
    database.path.write_bytes(database.path.with_name("older.db").read_bytes())


def with_an_older_copy_at_its_size(database: Database) -> None:
    overwrite(database.path, database.path.with_name("older.db").read_bytes())


def with_zeros(database: Database) -> None:
    overwrite(database.path, bytes(database.path.stat().st_size))


def with_one_page_of_zeros(database: Database) -> None:
    overwrite(database.path, bytes(4096), 4096 * 6)


def with_nothing(database: Database) -> None:
    database.path.write_bytes(b"")


def longer(database: Database) -> None:
    overwrite(database.path, b"x" * 4096, database.path.stat().st_size)


def log_with_nothing(database: Database) -> None:
    log_of(database).write_bytes(b"")


def log_cut(database: Database) -> None:
    os.truncate(log_of(database), log_of(database).stat().st_size - 100)


def log_with_zeros(database: Database) -> None:
    overwrite(log_of(database), bytes(log_of(database).stat().st_size))


def log_with_another_header(database: Database) -> None:
    overwrite(log_of(database), os.urandom(8), 16)


def log_with_one_other_byte(database: Database) -> None:
    overwrite(log_of(database), b"w", 32 + 24 + 2000)


@pytest.mark.parametrize(
    "spoil",
    [
        with_another,
        with_an_older_copy,
        with_an_older_copy_at_its_size,
        with_zeros,
        with_one_page_of_zeros,
        with_nothing,
        longer,
        log_with_nothing,
        log_cut,
        log_with_zeros,
        log_with_another_header,
        log_with_one_other_byte,
    ],
)
def test_overwritten_in_place(database: Database, spoil: Callable[[Database], None]) -> None:
    told: list[StorageError] = []
    database.when_overwritten = told.append
    spoil(database)
    with pytest.raises(StorageError, match="overwritten"):
        database.look_after()
    for _ in range(2):
        with pytest.raises(StorageError, match="overwritten"):
            write(database, "fourth")
    with pytest.raises(StorageError, match="overwritten"):
        database.empty_log()
    assert len(told) == 1


def touched(database: Database) -> None:
    os.utime(database.path)
    os.utime(log_of(database))


def longer_log(database: Database) -> None:
    """Frames that nobody committed: a process that was killed leaves them."""
    overwrite(log_of(database), b"x" * 5000, log_of(database).stat().st_size)


def written_by_another(database: Database) -> None:
    with closing(sqlite3.connect(database.path)) as another, another:
        another.execute("INSERT INTO meta VALUES ('another', 'v')")


def copied_by_another(database: Database) -> None:
    with closing(sqlite3.connect(database.path)) as another:
        another.execute("PRAGMA wal_checkpoint(PASSIVE)")


def emptied_by_another(database: Database) -> None:
    written_by_another(database)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as another:
        another.execute("VACUUM")
        another.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        another.execute("DELETE FROM meta WHERE name = 'another'")


@pytest.mark.parametrize("use", [touched, longer_log, written_by_another, copied_by_another, emptied_by_another])
def test_ordinary_use(database: Database, use: Callable[[Database], None]) -> None:
    for number in range(3):
        use(database)
        database.look_after()
        write(database, f"after {number}")
        with database.writing() as connection:
            connection.execute(delete(meta).where(meta.c.name == "another"))
    database.empty_log()
    database.check_in_place()


def test_many_checkpoints(database: Database) -> None:
    """More than a thousand pages make SQLite copy the log by itself."""
    for number in range(150):
        write(database, f"page {number}", 40_000)
        database.check_in_place()


def test_log_that_a_crash_has_left(database: Database, tmp_path: Path) -> None:
    """SQLite's notes on checkpoints begin anew with the log that it finds: what is overwritten shows all the same."""
    for file in ("a.db", "a.db-wal"):
        shutil.copyfile(tmp_path / file, tmp_path / f"left-{file}")
    with closing(open_database(tmp_path / "left-a.db")) as again:
        write(again, "after the crash")
        overwrite(again.path, bytes(4096), 4096 * 6)
        with pytest.raises(StorageError, match="overwritten"):
            write(again, "later")


def in_another_process(script: str, path: Path) -> None:
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


SPOIL = "import sys; f = open(sys.argv[1], 'r+b'); f.seek(4096 * 6); f.write(bytes(4096))"
READ = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select 1 from meta'); c.close()"


def test_locks_stay(tmp_path: Path) -> None:
    """Looking into the files loses none of SQLite's locks: nobody takes the database for one that is not used."""
    with closing(open_database(tmp_path / "a.db")) as database:
        write(database, "first")
        database.empty_log()
        in_another_process(SPOIL, database.path)
        with pytest.raises(StorageError, match="overwritten"):
            write(database, "second")
        in_another_process(READ, database.path)
        assert log_of(database).exists()
