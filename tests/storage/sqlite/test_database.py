import os
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from promptguard.errors import StorageError
from promptguard.storage.sqlite.database import open_database
from promptguard.storage.tables import meta

VALUE = "planted" + "-value-4711"


def test_schema(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db").close()
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {
        "alembic_version", "audit_record", "audit_head", "audit_checkpoint", "vault_entry", "vault_scope", "vault_mark",
        "evidence", "meta", "sighting", "allowance", "policy_version", "policy_ruleset", "policy_run",
        "configuration_publication", "configuration_run", "governance_order", "acknowledgement", "justification",
    }  # fmt: skip


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db")
    with database.writing() as connection:
        connection.execute(insert(meta).values(name="kept", value="yes"))
    database.close()
    with open_database(tmp_path / "a.db").reading() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.name == "kept")) == "yes"


def test_processes_that_start_together_make_one_schema(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        databases = list(pool.map(open_database, [tmp_path / "a.db"] * 4))
    with databases[0].reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_files_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = open_database(tmp_path / "data" / "a.db")
        with database.writing() as connection:
            connection.execute(insert(meta).values(name="a", value="b"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "data").iterdir()}
    finally:
        os.umask(before)
    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_access_of_others_is_taken_away(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db").close()
    (tmp_path / "a.db").chmod(0o644)
    open_database(tmp_path / "a.db").close()
    assert stat.S_IMODE((tmp_path / "a.db").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("pragma", "expected"), [("journal_mode", "wal"), ("secure_delete", 1), ("synchronous", 1), ("trusted_schema", 0)]
)
def test_settings_of_connections(tmp_path: Path, pragma: str, expected: object) -> None:
    with open_database(tmp_path / "a.db").reading() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == expected


def not_a_database(path: Path) -> None:
    path.write_bytes(b"this is a text file\n" * 100)


def damaged(path: Path) -> None:
    open_database(path).close()
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)


def newer(path: Path) -> None:
    open_database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (address TEXT)")


def newer_of_old(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta (name TEXT, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('schema_version', '99')")
        connection.commit()


def another_alembic(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.commit()


def another_revision(path: Path) -> None:
    open_database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ae1027a6acf'")
        connection.commit()


def foreign_meta(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta (name TEXT, value TEXT)")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (not_a_database, "not a database"),
        (damaged, "damaged"),
        (newer, "newer PromptGuard (schema 999"),
        (newer_of_old, "newer PromptGuard (schema 99"),
        (another_alembic, "not one of PromptGuard's"),
        (another_revision, "not one of PromptGuard's"),
        (foreign, "not one of PromptGuard's"),
        (foreign_meta, "not one of PromptGuard's"),
        (folder, "cannot be opened"),
    ],
)
def test_unusable_file(tmp_path: Path, spoil: Callable[[Path], None], problem: str) -> None:
    path = tmp_path / "a.db"
    spoil(path)
    with pytest.raises(StorageError) as caught:
        open_database(path)
    assert problem in caught.value.problem
    assert caught.value.place == path


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_log_without_its_database_is_left_as_it_is(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "promptguard.db"
    left = tmp_path / f"promptguard.db{ending}"
    left.write_bytes(b"records")
    with pytest.raises(StorageError, match=f"its log promptguard.db{ending}, with records in it,"):
        open_database(path)
    assert (left.read_bytes(), path.exists()) == (b"records", False)


def test_locked_database(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db", busy_timeout=0.02)
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"), database.writing():
            pytest.fail("got in beside another writer")
        other.execute("ROLLBACK")
    with database.writing() as connection:
        connection.execute(insert(meta).values(name="a", value="b"))


def test_error_leaves_nothing_written(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db")
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(insert(meta).values(name="a", value="b"))
        raise RuntimeError
    with database.reading() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.name == "a")) is None


def test_errors_hold_no_values(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db")
    with pytest.raises(StorageError) as caught, database.writing() as connection:
        connection.execute(insert(meta).values(name=VALUE, value=VALUE))
        connection.execute(insert(meta).values(name=VALUE, value=VALUE))
    assert VALUE not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "SQLITE_CONSTRAINT" in caught.value.problem


def test_full_disk(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db")
    with pytest.raises(StorageError, match="disk is full"), database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.execute(insert(meta).values(name="a", value="b" * 100_000))


def test_empty_log(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db")
    with database.writing() as connection:
        connection.execute(insert(meta).values(name="a", value="b"))
    log = tmp_path / "a.db-wal"
    assert log.stat().st_size > 0
    database.empty_log()
    assert log.stat().st_size == 0


def test_empty_log_waits_for_nobody(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a.db", busy_timeout=60)
    with database.writing() as connection:
        connection.execute(insert(meta).values(name="a", value="b"))
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM meta").fetchall()
        database.empty_log()
    with database.reading() as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == 60_000


def test_one_that_was_closed_can_be_read_again(tmp_path: Path) -> None:
    """SQLite makes its log anew; other programs may have got the numbers of the former files by then."""
    database = open_database(tmp_path / "a.db")
    with database.writing() as connection:
        connection.execute(insert(meta).values(name="a", value="b"))
    database.close()
    for number in range(8):
        (tmp_path / f"other-{number}").touch()
    with database.reading() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.name == "a")) == "b"
    database.close()
