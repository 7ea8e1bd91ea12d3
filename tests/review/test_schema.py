import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from promptguard.errors import StorageError
from promptguard.review import tables
from promptguard.review.database import ReviewDatabase
from promptguard.review.schema import REVIEW
from promptguard.review.sign_in_tables import outside_session
from promptguard.review.staff_tables import staff_report
from promptguard.storage.key_tables import key_metadata
from promptguard.storage.schema import RECORD, prepare

SAMPLES = Path(__file__).parents[1] / "samples"
NEW_INDEXES = {
    "review_decision_noteworthy",
    "review_decision_destination_action",
    "review_decision_rule_action",
}
BESIDE = frozenset({"audit_crash_watch", *key_metadata.tables})


def test_versions_are_numbered_and_the_last_is_ours() -> None:
    revisions = [revision.revision for revision in ScriptDirectory(str(REVIEW.migrations)).walk_revisions()]
    assert revisions == [f"{number:04}" for number in range(REVIEW.version, 0, -1)]


def test_migrated_and_made_anew_are_alike(installation) -> None:
    """From nothing by the migrations, in the place of the tables that were made at once."""
    with installation.database.writing() as connection:
        REVIEW.metadata.drop_all(connection)
        REVIEW.numbering.drop(connection)
        config = Config(attributes={"connection": connection, "version_table": REVIEW.version_table})
        config.set_main_option("script_location", str(REVIEW.migrations))
        command.upgrade(config, "head")
        assert set(inspect(connection).get_table_names()) >= REVIEW.tables

        def is_of_review(thing, name, kind, *_) -> bool:
            return kind != "table" or name in REVIEW.tables

        context = MigrationContext.configure(connection, opts={"include_object": is_of_review})
        differences = compare_metadata(context, REVIEW.metadata)
    assert [each for each in differences if REVIEW.version_table not in str(each)] == []


def test_a_database_of_version_1_gets_its_counts_by_day_and_its_indexes(installation, make_event) -> None:
    installation.take_up(
        make_event("2026-03-01T09:00:00.000Z", found=["PERSON"]),
        make_event("2026-03-01T17:00:00.000Z", found=["PERSON"]),
        make_event("2026-03-02T09:00:00.000Z"),
    )
    new = [index for index in tables.decision.indexes if index.name in NEW_INDEXES]
    assert len(new) == len(NEW_INDEXES)
    with installation.database.writing() as connection:
        for thing in (*new, tables.day_count, tables.day_class_count):
            thing.drop(connection)
        connection.execute(REVIEW.numbering.update().values(version_num="0001"))
    prepare(REVIEW, installation.database.reading, installation.database.writing, "here", RECORD.tables | BESIDE)
    with installation.database.reading() as connection:
        days = connection.execute(select(tables.day_count.c["day", "count"]).order_by("day")).all()
        classes = connection.execute(select(tables.day_class_count.c["day", "data_class", "count"])).all()
        assert connection.scalar(select(REVIEW.numbering.c.version_num)) == f"{REVIEW.version:04}"
        assert {each["name"] for each in inspect(connection).get_indexes("review_decision")} >= NEW_INDEXES
    assert days == [("2026-03-01", 2), ("2026-03-02", 1)]
    assert classes == [("2026-03-01", "personal_data", 2)]


def test_a_database_of_version_2_gets_the_sessions_of_the_sign_on(tmp_path) -> None:
    file = tmp_path / "review.db"
    with closing(ReviewDatabase.open(file)) as database, database.writing() as connection:
        outside_session.drop(connection)
        connection.execute(REVIEW.numbering.update().values(version_num="0002"))
    with closing(ReviewDatabase.open(file)) as database, database.reading() as connection:
        assert outside_session.name in inspect(connection).get_table_names()


def test_a_database_of_version_1_gets_all_that_one_made_anew_has(tmp_path) -> None:
    """From the statements that made it then: the first migration makes the tables of today."""
    file = tmp_path / "review.db"
    with closing(sqlite3.connect(file)) as old:
        old.executescript((SAMPLES / "review_version_1.sql").read_text("utf-8"))
        for id, outcome in ("open", ""), ("settled", "answered"):
            told = (id, "pg-1", None, "question", "", "", "2026-03-01T09:00:00.000Z", outcome, "")
            old.execute("INSERT INTO review_staff_report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", told)
        old.commit()
    with closing(ReviewDatabase.open(file)) as database, database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), REVIEW.metadata)
        settled = connection.execute(select(staff_report.c["id", "settled"]).order_by("id")).all()
    assert [each for each in differences if REVIEW.version_table not in str(each)] == []
    assert settled == [("open", ""), ("settled", "2026-03-01T09:00:00.000Z")]


def test_it_stands_beside_the_record_and_no_table_is_of_both(machines) -> None:
    assert not REVIEW.tables & RECORD.tables
    with machines[0].database.reading() as connection:
        found = set(inspect(connection).get_table_names())
    assert found - BESIDE == REVIEW.tables | RECORD.tables


def test_a_newer_schema_on_the_server_is_refused(machines, postgresql_server) -> None:
    machines[0].execute("UPDATE review_version SET version_num = '0099'")
    try:
        with pytest.raises(StorageError, match="a newer PromptGuard"):
            closing(ReviewDatabase.on_server(postgresql_server.url("reviewing"), "0" * 12))
    finally:
        machines[0].execute(str(REVIEW.numbering.delete()))
        with machines[0].database.writing() as connection:
            connection.execute(REVIEW.numbering.insert().values(version_num=f"{REVIEW.version:04}"))
