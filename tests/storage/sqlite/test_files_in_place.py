import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from promptguard.errors import StorageError
from promptguard.storage.sqlite.database import Database, open_database
from promptguard.storage.sqlite.files_in_place import FilesInPlace
from promptguard.storage.tables import meta


def write(database: Database, name: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(meta).values(name=name, value="v" * 20_000))


def unlink(path: Path) -> None:
    path.unlink()


def unlink_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def unlink_index(path: Path) -> None:
    path.with_name(f"{path.name}-shm").unlink()


def replace_by_copy(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def replace_by_another(path: Path) -> None:
    another = path.with_name("another.db")
    open_database(another).close()
    another.replace(path)


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def replace_folder(path: Path) -> None:
    shutil.copytree(path.parent, path.parent.with_name("copy"))
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.with_name("copy").rename(path.parent)


def truncate(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(0)


def halve(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "spoil",
    [
        unlink,
        unlink_log,
        unlink_index,
        replace_by_copy,
        replace_by_another,
        move_folder,
        replace_folder,
        truncate,
        halve,
        overwrite,
    ],
)
def test_files_that_are_lost_while_in_use(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "data" / "a.db"
    with closing(open_database(path)) as database:
        write(database, "first")
        database.empty_log()
        write(database, "second")
        spoil(path)
        with pytest.raises(StorageError):
            write(database, "third")
        with pytest.raises(StorageError):
            database.check_in_place()
            write(database, "fourth")


def test_files_that_stay(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db")) as database:
        for number in range(20):
            write(database, f"big {number}")
        database.empty_log()
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as another:
            another.execute("DELETE FROM meta WHERE name LIKE 'big%'")
            another.execute("VACUUM")
            another.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        write(database, "after")
        database.check_in_place()


def test_database_that_comes_back_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(open_database(path)) as database:
        write(database, "first")
        path.rename(tmp_path / "aside")
        with pytest.raises(StorageError):
            write(database, "second")
        (tmp_path / "aside").rename(path)
        write(database, "third")


def test_connection_to_another_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"")
    files = FilesInPlace(tmp_path / "a.db")
    (tmp_path / "b.db").write_bytes(b"")
    (tmp_path / "b.db").replace(tmp_path / "a.db")
    with pytest.raises(StorageError, match="replaced"):
        files.opened()
