from __future__ import annotations

import asyncio
import hmac
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import promptguard.storage.schema
from promptguard.audit.chain import Chain
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Entry
from promptguard.audit.verify import verify
from promptguard.errors import StorageError
from promptguard.keys import derive
from promptguard.model import DataClass, Mark, Original
from promptguard.storage.schema import SCHEMA_VERSION
from promptguard.storage.sqlite.audit_store import SQLiteStore
from promptguard.storage.sqlite.database import open_database
from promptguard.storage.sqlite.lookups import SQLiteLookups
from promptguard.storage.tables import metadata
from promptguard.storage.vault.vault import DatabaseVault

KEY = bytes(range(32))
SCOPE = "p_alice|openai"
NOW = 1_700_000_000.0

SCHEMA_1 = """
CREATE TABLE meta (name VARCHAR(64) NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE audit_record (
    sequence INTEGER NOT NULL, event_id VARCHAR(32) NOT NULL, time VARCHAR(24) NOT NULL, action VARCHAR(16) NOT NULL,
    event BLOB NOT NULL, previous_hash BLOB NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL, PRIMARY KEY (sequence)
);
CREATE INDEX ix_audit_record_event_id ON audit_record (event_id);
CREATE TABLE audit_head (
    id INTEGER NOT NULL, sequence BIGINT NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE vault_entry (
    scope BLOB NOT NULL, placeholder VARCHAR(128) NOT NULL, nonce BLOB NOT NULL, ciphertext BLOB NOT NULL,
    expires BIGINT NOT NULL, PRIMARY KEY (scope, placeholder)
);
CREATE INDEX vault_entry_expires ON vault_entry (expires);
CREATE TABLE blocked_fingerprint (
    scope BLOB NOT NULL, fingerprint VARCHAR(128) NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (scope, fingerprint)
);
CREATE INDEX blocked_fingerprint_expires ON blocked_fingerprint (expires);
INSERT INTO meta VALUES ('schema_version', '1');
"""
"""As PromptGuard made it before it had migrations."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of schema 1 with three records, an original and a blocked fingerprint, and its head file."""
    entries = [Entry(f"pg-{n}", f"2026-03-01T09:30:0{n}.000Z", "allow", b'{"n":%d}' % n) for n in range(3)]
    records, head = Chain(KEY).extend(None, entries)
    HeadFiles(tmp_path, KEY).of("1").replace(head)
    scope = hmac.digest(derive(KEY, "scopes"), SCOPE.encode(), "sha256")[:16]
    ciphertext = AESGCM(derive(KEY, "originals")).encrypt(bytes(12), b"Anna", scope + b"[PERSON_1]")
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.executescript(SCHEMA_1)
        connection.executemany(
            "INSERT INTO audit_record VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [record[:8] for record in records]
        )
        connection.execute("INSERT INTO audit_head VALUES (1, ?, ?, ?)", head)
        connection.execute(
            "INSERT INTO vault_entry VALUES (?, '[PERSON_1]', ?, ?, ?)", (scope, bytes(12), ciphertext, int(NOW) + 60)
        )
        connection.execute("INSERT INTO blocked_fingerprint VALUES (?, 'f1', ?)", (scope, int(NOW) + 60))
        connection.execute("INSERT INTO meta VALUES ('vault_key_check', ?)", (derive(KEY, "check").hex(),))
        connection.commit()
    return tmp_path / "a.db"


def layout(path: Path) -> set[tuple[object, ...]]:
    """Columns of all tables in their order, and the columns of all indexes."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: set[tuple[object, ...]] = set()
        for table in tables:
            found.update((table, *row) for row in connection.execute(f"PRAGMA table_info({table})"))
            for _, index, unique, *_ in connection.execute(f"PRAGMA index_list({table})"):
                columns = tuple(row[2] for row in connection.execute(f"PRAGMA index_info({index})"))
                found.add((table, unique, columns))
        return found


async def test_a_database_of_schema_1_is_taken_over_without_loss(old: Path) -> None:
    database = open_database(old)
    report = verify(SQLiteStore(database), KEY, HeadFiles(old.parent, KEY))
    assert (report.ok, report.records) == (True, 3)
    records = list(SQLiteStore(database).records())
    assert [(record.position, record.chain, record.event_id) for record in records] == [
        (1, "1", "pg-0"), (2, "1", "pg-1"), (3, "1", "pg-2")
    ]  # fmt: skip
    with closing(DatabaseVault(database, SQLiteLookups(database), KEY, clock=lambda: NOW)) as vault:
        assert await vault.issued(SCOPE) == {"[PERSON_1]": Original("Anna", DataClass.PERSONAL_DATA)}
        assert await vault.marked(SCOPE, Mark.BLOCKED, ["f1", "f2"]) == {"f1"}
        await vault.remember(SCOPE, {"[PERSON_1]": Original("Anna", DataClass.PERSONAL_DATA)})
    with closing(SQLiteStore(database).writer()) as writer:
        head = writer.append([Entry("pg-3", "2026", "allow", b"{}")], Chain(KEY, writer.chain), durable=False)
    assert head.sequence == 4
    database.close()
    open_database(old).close()


def test_migrated_and_made_anew_are_alike(old: Path, tmp_path: Path) -> None:
    database = open_database(old)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()
    open_database(tmp_path / "new.db").close()
    assert layout(old) == layout(tmp_path / "new.db")


def test_versions_are_numbered_and_the_last_is_ours() -> None:
    folder = Path(promptguard.storage.schema.__file__).parent / "migrations"
    revisions = [revision.revision for revision in ScriptDirectory(str(folder)).walk_revisions()]
    assert revisions == [f"{number:04}" for number in range(SCHEMA_VERSION, 0, -1)]


def test_failed_migration_changes_nothing(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("CREATE TABLE vault_mark (unexpected TEXT)")
        connection.commit()
    before = layout(old)
    with pytest.raises(StorageError):
        open_database(old)
    assert layout(old) == before
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("DROP TABLE vault_mark")
        connection.commit()
    database = open_database(old)
    assert verify(SQLiteStore(database), KEY).records == 3
    database.close()


async def test_processes_that_start_together_migrate_once(old: Path) -> None:
    databases = await asyncio.gather(*(asyncio.to_thread(open_database, old) for _ in range(4)))
    assert verify(SQLiteStore(databases[0]), KEY, HeadFiles(old.parent, KEY)).records == 3
    for database in databases:
        database.close()


@pytest.mark.parametrize("times", [1, 2])
def test_alembic_is_not_imported_where_nothing_is_to_migrate(tmp_path: Path, times: int) -> None:
    code = (
        "import sys; from pathlib import Path; from promptguard.storage.sqlite.database import open_database\n"
        "open_database(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    for _ in range(times):
        command = [sys.executable, "-c", code, str(tmp_path / "a.db")]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert output == "False\n"
