import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select
from tests.storage.postgresql_server import PASSWORD

from promptguard.errors import StorageError
from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import fact


def test_is_made_for_its_user_alone_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "review.db"
    with closing(ReviewDatabase.open(path)) as database, database.writing() as connection:
        connection.execute(insert(fact).values(name="a", value="b"))
    with closing(ReviewDatabase.open(path)) as database, database.reading() as connection:
        assert connection.scalar(select(fact.c.value).where(fact.c.name == "a")) == "b"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_fails_within_a_transaction_changes_nothing(tmp_path: Path) -> None:
    with closing(ReviewDatabase.open(tmp_path / "review.db")) as database:
        with pytest.raises(RuntimeError), database.writing() as connection:
            connection.execute(insert(fact).values(name="a", value="b"))
            raise RuntimeError
        with database.reading() as connection:
            assert connection.scalar(select(fact.c.value).where(fact.c.name == "a")) is None


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["CREATE TABLE other (a)"], "not one of PromptGuard's"),
        (["CREATE TABLE review_fact (name, value)"], "not one of PromptGuard's"),
        (
            [
                "CREATE TABLE review_fact (name, value)",
                "CREATE TABLE review_version (version_num)",
                "INSERT INTO review_version VALUES ('0099')",
            ],
            "a newer PromptGuard",
        ),
    ],
)
def test_another_database_is_refused_and_left_as_it_is(statements: list[str], told: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "review.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    with pytest.raises(StorageError, match=told):
        ReviewDatabase.open(tmp_path / "review.db")


def test_a_file_that_is_no_database_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "review.db").write_bytes(b"some words of a person" * 100)
    with pytest.raises(StorageError) as told:
        ReviewDatabase.open(tmp_path / "review.db")
    assert "words" not in str(told.value)


def test_writers_on_several_machines_do_not_come_between_each_other(machines) -> None:
    """Each reads, and writes what it read and one more."""

    def add(number: int) -> None:
        with machines[number % 2].database.writing() as connection:
            read = int(connection.scalar(select(fact.c.value).where(fact.c.name == "n")) or 0)
            connection.execute(delete(fact))
            connection.execute(insert(fact).values(name="n", value=str(read + 1)))

    with ThreadPoolExecutor(4) as several:
        list(several.map(add, range(20)))
    with machines[0].database.reading() as connection:
        assert connection.scalar(select(fact.c.value)) == "20"


def test_a_server_that_is_away_is_told_without_its_password() -> None:
    with pytest.raises(StorageError, match="Nothing listens") as told:
        ReviewDatabase.on_server(f"postgresql://promptguard:{PASSWORD}@127.0.0.1:1/none", "0" * 12)
    assert PASSWORD not in str(told.value)
