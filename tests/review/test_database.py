import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select

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
            ["CREATE TABLE review_fact (name, value)", "INSERT INTO review_fact VALUES ('schema_version', '99')"],
            "another version",
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
