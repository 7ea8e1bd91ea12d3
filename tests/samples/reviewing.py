"""A record with decisions, and a database of reviewing beside it, on each kind of database."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlalchemy import delete
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.audit.chain import Chain
from promptguard.audit.events import build_event, new_event_id
from promptguard.audit.interface import Entry, Store
from promptguard.audit.record import canonical
from promptguard.keys import Keys
from promptguard.model import (
    Action,
    Allowed,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Event,
    Finding,
    Identity,
    Kind,
    Prompt,
    Purpose,
    Role,
    Route,
    Segment,
    Status,
)
from promptguard.review.database import ReviewDatabase
from promptguard.review.projection import Projection
from promptguard.review.schema import REVIEW
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import installation_id
from promptguard.storage.interface import Backend
from promptguard.storage.postgresql.backend import PostgreSQLBackend
from promptguard.storage.schema import RECORD
from promptguard.storage.sqlite.backend import SQLiteBackend

REVIEWING = "reviewing"
"""The database of a server's for these tests."""

CLASSES = {
    "EMAIL_ADDRESS": DataClass.PERSONAL_DATA,
    "PERSON": DataClass.PERSONAL_DATA,
    "GITHUB_TOKEN": DataClass.CREDENTIALS,
}


def event(
    time: str = "2026-03-01T09:30:00.000Z",
    *,
    action: Action = Action.ALLOW,
    found: Sequence[str] = (),
    destination: str = "openai_api",
    rule: str = "the-rule",
    groups: Sequence[str] = (),
    person: str = "p_abcdefghijklmnop",
    incident: str = "",
    allowed: Sequence[Allowed] = (),
    status: Status = Status.APPROVED,
) -> Event:
    """A decision; `found` are entity types."""
    service = Destination(
        destination, destination, ("api.example.com",), Kind.API, status, (Route("/v1/chat", "openai_chat"),)
    )
    findings = [Finding(0, 0, 5, name, CLASSES[name], 0.9, "Recognizer", "f" * 32) for name in found]
    made = build_event(
        id=new_event_id(),
        circumstances=Circumstances(Identity("alice", person, frozenset(groups)), service),
        decision=Decision(action, rule, "The sentence of the policy."),
        prompt=Prompt(service, Purpose.PROMPT, "openai_chat", (Segment(("messages", 0), "hello world", Role.USER),)),
        findings=findings,
        shapes=["aaa@aaa.aa"] * len(findings),
        allowed=allowed,
        method="POST",
        host="api.example.com",
        route="/v1/chat",
        format="openai_chat",
        policy_version="3",
        policy_hash="0" * 64,
        ruleset_version="1" * 16,
        body_bytes=120,
        latency_ms={"read": 0.1},
        incident=incident,
    )
    return replace(made, time=time)


@dataclass
class Installation:
    """A data folder with keys, a record and a database of reviewing."""

    folder: Path
    keys: Keys
    store: Store
    database: ReviewDatabase
    backend: Backend
    server: PostgreSQLServer | None = None
    """Where both are, if not in files of the folder."""

    def record(self, *events: Event) -> list[Event]:
        """Record decisions; they are not taken up by that."""
        with closing(self.store.writer()) as writer:
            writer.append([canonical(each) for each in events], Chain(self.keys.audit, writer.chain), durable=False)
        return list(events)

    def state(self, entry: Entry) -> None:
        """Record something beside decisions."""
        with closing(self.store.writer()) as writer:
            writer.append([entry], Chain(self.keys.audit, writer.chain), durable=False)

    def take_up(self, *events: Event) -> list[Event]:
        """Record decisions and take them up."""
        self.record(*events)
        projection = Projection(self.store, self.database)
        while projection.take_up():
            pass
        return list(events)

    def execute(self, *statements: str, file: str = "review.db") -> None:
        """Run statements as whoever has the database alone would.

        Args:
            file: which of the databases, where each has a file of its own.
        """
        if self.server is not None:
            self.server.execute(*statements, database=REVIEWING)
            return
        with closing(sqlite3.connect(self.folder / file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def blob(self, content: bytes) -> str:
        """Bytes in SQL."""
        return f"x'{content.hex()}'" if self.server is None else f"'\\x{content.hex()}'::bytea"

    def content(self) -> bytes:
        """All that the database of reviewing holds."""
        if self.server is None:
            return b"".join(path.read_bytes() for path in self.folder.glob("review.db*"))
        rows = [
            row for name in REVIEW.metadata.tables for row in self.server.execute(f"TABLE {name}", database=REVIEWING)
        ]
        return b"\n".join(each if isinstance(each, bytes) else str(each).encode() for row in rows for each in row)


@cache
def _empty_databases() -> Mapping[str, bytes]:
    """Files of databases with nothing in them: to make their tables takes longer than many a test, and is done once."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        SQLiteBackend.open(folder / "promptguard.db").close()
        ReviewDatabase.open(folder / "review.db").close()
        return {path.name: path.read_bytes() for path in folder.glob("*.db")}


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """A new installation in files, or the one that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _empty_databases().items():
        if not (folder / name).exists():
            (folder / name).write_bytes(content)
    with (
        closing(SQLiteBackend.open(folder / "promptguard.db")) as backend,
        closing(ReviewDatabase.open(folder / "review.db")) as database,
    ):
        yield Installation(folder, Keys.load_or_create(folder / "keys"), backend.audit_store(), database, backend)


@contextmanager
def machine(folder: Path, server: PostgreSQLServer) -> Iterator[Installation]:
    """A machine of those that share the database of a server, and a master key."""
    keys = Keys.load_or_create(folder / "keys")
    id = installation_id(DataFolder(folder))
    url = server.url(REVIEWING)
    with (
        closing(ReviewDatabase.on_server(url, id)) as database,
        closing(PostgreSQLBackend.open(url, id)) as backend,
    ):
        yield Installation(folder, keys, backend.audit_store(), database, backend, server)


@contextmanager
def two_machines(folder: Path, server: PostgreSQLServer) -> Iterator[list[Installation]]:
    """Two that begin with nothing."""
    emptied(server)
    with machine(folder / "first", server) as first:
        keys = folder / "second" / "keys"
        keys.mkdir(parents=True)
        shutil.copy(first.folder / "keys" / "master.key", keys)
        with machine(folder / "second", server) as second:
            yield [first, second]


def emptied(server: PostgreSQLServer) -> PostgreSQLServer:
    """A server with nothing in the tables of reviewing and of the record: made once, since emptying is quicker."""
    if (REVIEWING,) not in server.execute("SELECT datname FROM pg_database"):
        server.execute(f"CREATE DATABASE {REVIEWING}")
        ReviewDatabase.on_server(server.url(REVIEWING), "0" * 12).close()
    tables = (*RECORD.metadata.tables.values(), *REVIEW.metadata.tables.values())
    anew = "ALTER SEQUENCE audit_record_position_seq RESTART"
    server.execute(*(str(delete(table)) for table in tables), anew, database=REVIEWING)
    return server
