from __future__ import annotations

from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from tests.storage.grounds import PostgreSQLGround
from tests.storage.postgresql_server import PASSWORD

from promptguard.errors import StorageAway, StorageError
from promptguard.storage import schema
from promptguard.storage.postgresql.address import Address
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.tables import metadata


def layout(ground: PostgreSQLGround) -> list[object]:
    """Columns of all tables, and what each index is of."""
    columns = ground.execute(
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    indexes = ground.execute(
        "SELECT tablename, regexp_replace(indexdef, '^.* USING', '') FROM pg_indexes"
        " WHERE schemaname = 'public' ORDER BY 1, 2"
    )
    return [*columns, *indexes]


def test_migrated_and_made_anew_are_alike(on_postgresql: PostgreSQLGround) -> None:
    with closing(on_postgresql.open()):
        made = layout(on_postgresql)
    on_postgresql.server.empty()
    database = PostgreSQLDatabase(Address.parse(on_postgresql.url))
    with closing(database):
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            schema._migrate(schema.RECORD, connection)
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert layout(on_postgresql) == made
    on_postgresql.open().close()


def test_another_s_database_is_left_alone(on_postgresql: PostgreSQLGround) -> None:
    on_postgresql.execute("CREATE TABLE theirs (name text)")
    with pytest.raises(StorageError, match="not one of PromptGuard's") as caught:
        on_postgresql.open()
    assert PASSWORD not in str(caught.value)
    assert on_postgresql.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(1,)]


def test_reading_changes_nothing_and_sees_one_state(on_postgresql: PostgreSQLGround) -> None:
    with closing(on_postgresql.open()) as database, database.reading() as connection:
        count = text("SELECT count(*) FROM meta")
        assert connection.scalar(count) == 0
        on_postgresql.execute("INSERT INTO meta VALUES ('a', 'b')")
        assert connection.scalar(count) == 0
        with pytest.raises(StorageError, match="read-only"), database.reading() as other:
            other.execute(text("DELETE FROM meta"))
        assert database.problem is not None


def test_it_is_there_again_after_a_restart(on_postgresql: PostgreSQLGround) -> None:
    with closing(on_postgresql.open()) as database:
        on_postgresql.server.stop()
        with pytest.raises(StorageAway), database.reading():
            pytest.fail("reads nothing")
        on_postgresql.server.start()
        with database.reading() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        assert database.problem is None
