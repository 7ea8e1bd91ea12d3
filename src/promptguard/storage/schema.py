"""The schema of a database: made where there is none, and brought up to date where it is older.

Its version is kept where Alembic keeps it, in a table of its own; we read it ourselves, because importing Alembic takes
longer than all else that a start needs of a database.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    String,
    Table,
    insert,
    inspect,
    select,
)

from promptguard.errors import StorageError
from promptguard.storage.tables import meta, metadata

SCHEMA_VERSION = 12
"""The newest of `migrations/versions`, whose revisions are numbers of four digits."""

_FIRST = "0001"
"""What was there before versions were kept by Alembic: the number 1 in the table `meta`."""

type Connecting = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables that belong together, with versions of their own: several schemas may share a database."""

    metadata: MetaData
    version: int
    """The newest of the migrations, whose revisions are numbers of four digits."""
    migrations: Path
    """The folder of Alembic's `env.py` and `versions`."""
    sign: Table
    """There since the first version: a database without it is none of ours."""
    remedy: str
    """What to do with a database that is not one of ours, or newer; goes on after “or”."""
    version_table: str = "alembic_version"
    unnumbered: Select[tuple[str]] | None = None
    """Where the version of a database stands that has no version table yet."""

    @property
    def tables(self) -> frozenset[str]:
        """The names of all tables, that of the version included."""
        return frozenset({*self.metadata.tables, self.version_table})

    @property
    def numbering(self) -> Table:
        """The table of the version, as Alembic makes it (https://alembic.sqlalchemy.org/en/latest/api/runtime.html)."""
        return Table(
            self.version_table,
            MetaData(),
            Column("version_num", String(32), nullable=False),
            PrimaryKeyConstraint("version_num", name=f"{self.version_table}_pkc"),
        )


RECORD = Schema(
    metadata,
    SCHEMA_VERSION,
    Path(__file__).parent / "migrations",
    meta,
    "name another data folder",
    unnumbered=select(meta.c.value).where(meta.c.name == "schema_version"),
)
"""The record, the vault and what belongs to them."""


def prepare(
    schema: Schema,
    reading: Connecting,
    writing: Connecting,
    place: Path | str,
    beside: Set[str] = frozenset(),
) -> None:
    """Make the tables, or bring them up to date, each in one transaction.

    Args:
        reading: connects, to look.
        writing: connects in a transaction that no other writer can come between, committed at the end.
        place: of the database, for errors.
        beside: other tables that may be there before.

    Raises:
        StorageError: the database is not one of ours, or was written by a newer PromptGuard.
    """
    with reading() as connection:
        version = _version(schema, connection, place, beside)
    if version != schema.version:
        with writing() as connection:
            # Another process may have been quicker: the transaction decides.
            version = _version(schema, connection, place, beside)
            if version is None:
                _make(schema, connection)
            elif version < schema.version:
                _migrate(schema, connection)
    if version is not None and version > schema.version:
        raise StorageError(
            place,
            f"The database was written by a newer PromptGuard (schema {version}, this one knows {schema.version}).",
            f"Install that version again, or {schema.remedy}.",
        )


def _make(schema: Schema, connection: Connection) -> None:
    schema.metadata.create_all(connection)
    numbering = schema.numbering
    numbering.create(connection)
    connection.execute(insert(numbering).values(version_num=f"{schema.version:04}"))


def _migrate(schema: Schema, connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": schema.version_table})
    config.set_main_option("script_location", str(schema.migrations).replace("%", "%%"))
    if schema.version_table not in inspect(connection).get_table_names():
        command.stamp(config, _FIRST)
    command.upgrade(config, "head")


def _version(schema: Schema, connection: Connection, place: Path | str, beside: Set[str]) -> int | None:
    """The version that the database says it has; None for one without tables of the schema's."""
    tables = inspect(connection).get_table_names()
    if not set(tables) - beside:
        return None
    value: object = None
    if schema.version_table in tables:
        value = connection.scalar(select(schema.numbering.c.version_num))
    elif schema.unnumbered is not None and schema.sign.name in tables:
        value = connection.scalar(schema.unnumbered)
    if schema.sign.name not in tables or not isinstance(value, str) or not value.isdecimal():
        remedy = f"{schema.remedy[0].upper()}{schema.remedy[1:]}."
        raise StorageError(place, "This database is not one of PromptGuard's.", remedy)
    return int(value)
