"""What others than SQLite write into the files of an open database is noticed before anything is committed."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from promptguard.errors import StorageError
from promptguard.storage.sqlite import untouched
from promptguard.storage.sqlite.database import Database, TakesTime, open_database
from promptguard.storage.sqlite.held_file import HeldFile
from promptguard.storage.sqlite.untouched import Overwritten, Untouched
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


def by_another(*statements: str) -> Callable[[Database], None]:
    """Statements of another connection, one transaction each."""

    def use(database: Database) -> None:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as another:
            for statement in statements:
                another.execute(statement).fetchall()

    return use


INSERT = "INSERT INTO meta VALUES ('another', zeroblob(100000))"
DELETE = "DELETE FROM meta WHERE name = 'another'"


@pytest.mark.parametrize(
    "use",
    [
        touched,
        longer_log,
        written_by_another,
        copied_by_another,
        by_another(INSERT, DELETE, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"),
        by_another(INSERT, "PRAGMA wal_checkpoint(PASSIVE)", DELETE),  # the log begins anew
        by_another(INSERT, "PRAGMA wal_checkpoint(RESTART)"),
        by_another("PRAGMA journal_size_limit = 0", INSERT, "PRAGMA wal_checkpoint(RESTART)", DELETE),
        by_another("BEGIN", "PRAGMA cache_size = 1", INSERT, "ROLLBACK"),  # frames that never counted
        by_another("PRAGMA wal_checkpoint(TRUNCATE)", "BEGIN", "PRAGMA cache_size = 1", INSERT, "ROLLBACK"),
    ],
)
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


def test_checkpoints_within_a_tick(database: Database) -> None:
    """The clock of the files has not moved on, and still the content is another."""
    database.empty_log()
    time = database.path.stat().st_mtime_ns
    by_another("UPDATE meta SET value = replace(value, 'v', 'w')", "PRAGMA wal_checkpoint(PASSIVE)")(database)
    os.utime(database.path, ns=(time, time))
    write(database, "later")
    touched(database)
    database.look_after()


@pytest.fixture
def impatient(database: Database) -> Iterator[Database]:
    """The same database, for one who waits for nobody."""
    with closing(open_database(database.path, busy_timeout=0)) as impatient:
        write(impatient, "before")
        yield impatient


@pytest.fixture
def busy(impatient: Database) -> Iterator[sqlite3.Connection]:
    """A connection in the midst of a transaction that no longer fits into memory."""
    with closing(sqlite3.connect(impatient.path, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        another.execute("PRAGMA cache_size = 1")
        another.execute(INSERT)
        yield another


def with_another_kind(database: Database) -> None:
    """A database without a log, as a backup may be."""
    with closing(sqlite3.connect(database.path.with_name("plain.db"))) as plain:
        plain.execute("CREATE TABLE t (a)")
    overwrite(database.path, database.path.with_name("plain.db").read_bytes())


@pytest.mark.parametrize("spoil", [with_another_kind, with_zeros, with_nothing])
def test_overwritten_while_others_write(
    impatient: Database, busy: sqlite3.Connection, spoil: Callable[[Database], None]
) -> None:
    assert busy.in_transaction
    spoil(impatient)
    for _ in range(2):
        with pytest.raises(StorageError, match="overwritten"):
            write(impatient, "later")
        with pytest.raises(StorageError, match="overwritten"):
            impatient.look_after()


def test_others_that_write_are_no_harm(impatient: Database, busy: sqlite3.Connection) -> None:
    touched(impatient)
    for _ in range(2):
        with pytest.raises(StorageError, match="locked"):
            write(impatient, "later")
        impatient.look_after()
    busy.execute("COMMIT")
    write(impatient, "later")
    impatient.look_after()


def changed_reading_marks(content: bytes, number: int) -> bytes:
    return content[:100] + number.to_bytes(20) + content[120:]


def changed_copy(content: bytes, number: int) -> bytes:
    return content[:56] + number.to_bytes(8) + content[64:]


@pytest.mark.parametrize("change", [changed_reading_marks, changed_copy])
def test_others_in_between_are_no_proof(
    database: Database, monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes, int], bytes]
) -> None:
    """Where somebody writes the log's index meanwhile, nothing that does not fit to it is held against anybody."""
    content = database._content.index()
    numbers = count()
    monkeypatch.setattr(Untouched, "index", lambda _: change(content, next(numbers)))
    with_one_page_of_zeros(database)
    database.look_after()
    monkeypatch.undo()
    log_with_one_other_byte(database)
    monkeypatch.setattr(Untouched, "index", lambda _: change(content, next(numbers)))
    database.look_after()


class Failing(sqlite3.Connection):
    """A connection whose checks fail with a result code."""

    code = sqlite3.SQLITE_IOERR

    def execute(self, *_: object) -> sqlite3.Cursor:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = self.code
        raise error


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        (sqlite3.SQLITE_IOERR, sqlite3.OperationalError),
        (sqlite3.SQLITE_NOMEM, sqlite3.OperationalError),
        (sqlite3.SQLITE_INTERRUPT, sqlite3.OperationalError),
        (sqlite3.SQLITE_CORRUPT, Overwritten),
        (sqlite3.SQLITE_CORRUPT_VTAB, Overwritten),
        (sqlite3.SQLITE_NOTADB, Overwritten),
    ],
)
def test_a_disk_that_fails_is_no_proof(database: Database, code: int, raised: type[Exception]) -> None:
    touched(database)
    with closing(sqlite3.connect(":memory:", factory=Failing)) as connection:
        connection.code = code
        with pytest.raises(raised):
            database._content.check(connection)


def test_files_that_cannot_be_read_are_no_proof(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    told: list[StorageError] = []
    database.when_overwritten = told.append
    touched(database)
    monkeypatch.setattr(HeldFile, "read", fail)
    for _ in range(2):
        with pytest.raises(StorageError, match=os.strerror(errno.EIO)):
            write(database, "later")
    monkeypatch.undo()
    write(database, "later")
    database.look_after()
    assert not told


def test_large_databases_are_not_read_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untouched, "MAX_CHECKED_BYTES", 4096)
    touched(database)
    with closing(sqlite3.connect(":memory:", factory=Failing)) as connection:
        database._content.check(connection)


def test_what_takes_time_is_left_to_others(database: Database) -> None:
    touched(database)
    with closing(database.raw_connection()) as connection:
        with pytest.raises(TakesTime):
            database.check_untouched(connection, at_once=True)
        database.check_untouched(connection)
        database.check_untouched(connection, at_once=True)


def in_another_process(script: str, path: Path) -> None:
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


SPOIL = "import sys; f = open(sys.argv[1], 'r+b'); f.seek(4096 * 6); f.write(bytes(4096))"
READ = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select 1 from meta'); c.close()"


WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("PRAGMA wal_autocheckpoint = 3")
for number in range(300):
    connection.execute("INSERT INTO meta VALUES (?, zeroblob(9000))", (f"other {number}",))
    if not number % 50:
        connection.execute("VACUUM")
    if not number % 20:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
"""


def test_another_process_that_writes(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db", busy_timeout=30)) as database:
        write(database, "before")
        with subprocess.Popen([sys.executable, "-c", WRITE, str(database.path)]) as other:
            for number in count():
                write(database, f"ours {number}")
                database.look_after()
                if number % 10 == 0:
                    database.empty_log()
                if other.poll() is not None:
                    break
        assert other.returncode == 0
        write(database, "after")
        with database.reading() as connection:
            names = connection.scalars(select(meta.c.name).where(meta.c.name.startswith("other "))).all()
        assert len(names) == 300


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


@pytest.mark.parametrize("spoil", [with_zeros, with_another_kind])
def test_what_comes_into_a_transaction_of_ours_is_not_taken_for_it(
    database: Database, spoil: Callable[[Database], None]
) -> None:
    told: list[StorageError] = []
    database.when_overwritten = told.append
    with pytest.raises(StorageError), database.writing() as connection:
        connection.execute(insert(meta).values(name="last", value="v"))
        spoil(database)
    with pytest.raises(Overwritten):
        write(database, "after")
    assert [type(each) for each in told] == [Overwritten]
