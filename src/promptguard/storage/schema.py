"""The schema of a database: made where there is none, and brought up to date where it is older.

Its version is kept where Alembic keeps it, in the table `alembic_version`; we read it ourselves, because importing
Alembic takes longer than all else that a start needs of a database.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, select

from promptguard.errors import StorageError
from promptguard.storage.tables import meta, metadata

SCHEMA_VERSION = 6
"""The newest of `migrations/versions`, whose revisions are numbers of four digits."""

_FIRST = "0001"
"""What was there before versions were kept by Alembic: the number 1 in the table `meta`."""

_MIGRATIONS = Path(__file__).parent / "migrations"

# As Alembic makes it (https://alembic.sqlalchemy.org/en/latest/api/runtime.html).
_alembic_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

type Connecting = Callable[[], AbstractContextManager[Connection]]


def prepare(reading: Connecting, writing: Connecting, place: Path | str) -> None:
    """Make the tables, or bring them up to date, each in one transaction.

    Args:
        reading: connects, to look.
        writing: connects in a transaction that no other writer can come between, committed at the end.
        place: of the database, for errors.

    Raises:
        StorageError: the database is not one of ours, or was written by a newer PromptGuard.
    """
    with reading() as connection:
        version = _version(connection, place)
    if version != SCHEMA_VERSION:
        with writing() as connection:
            # Another process may have been quicker: the transaction decides.
            version = _version(connection, place)
            if version is None:
                _make(connection)
            elif version < SCHEMA_VERSION:
                _migrate(connection)
    if version is not None and version > SCHEMA_VERSION:
        raise StorageError(
            place,
            f"The database was written by a newer PromptGuard (schema {version}, this one knows {SCHEMA_VERSION}).",
            "Install that version again, or name another data folder.",
        )


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    _alembic_version.create(connection)
    connection.execute(insert(_alembic_version).values(version_num=f"{SCHEMA_VERSION:04}"))


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if _alembic_version.name not in inspect(connection).get_table_names():
        command.stamp(config, _FIRST)
    command.upgrade(config, "head")


def _version(connection: Connection, place: Path | str) -> int | None:
    """The version that the database says it has; None for an empty database."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    value: object = None
    if _alembic_version.name in tables:
        value = connection.scalar(select(_alembic_version.c.version_num))
    elif meta.name in tables:
        value = connection.scalar(select(meta.c.value).where(meta.c.name == "schema_version"))
    if meta.name not in tables or not isinstance(value, str) or not value.isdecimal():
        raise StorageError(place, "This database is not one of PromptGuard's.", "Name another data folder.")
    return int(value)
