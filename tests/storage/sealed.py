"""A record whose events are sealed, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.storage.grounds import Ground

from promptguard.audit.chain import Chain
from promptguard.audit.interface import Entry
from promptguard.audit.record import canonical
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.audit.sealing.opened_store import OpenedStore
from promptguard.audit.statements import StatementKind, statement
from promptguard.audit.verify import VerifyReport, verify
from promptguard.keys import Keys
from promptguard.model import Event
from promptguard.storage.data_keys import DatabaseKeys
from promptguard.storage.sqlite.key_file import KeyFile

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


@dataclass
class Sealed:
    """A record whose events are sealed."""

    database: Any
    ground: Ground
    keys: Keys
    key_store: DatabaseKeys
    now: float = NOON

    def __post_init__(self) -> None:
        self.store = self.ground.store(self.database)
        self.ring = self.new_ring()

    def new_ring(self, keys: Keys | None = None) -> KeyRing:
        return KeyRing(self.key_store, (keys or self.keys).records, self.store.newest, lambda: self.now)

    def record(self, *events: Event) -> None:
        with closing(self.store.writer()) as writer:
            chain = Chain(self.keys.audit, writer.chain, self.ring)
            writer.append([canonical(event) for event in events], chain, durable=False)

    def state(self, entry: Entry) -> None:
        with closing(self.store.writer()) as writer:
            writer.append([entry], Chain(self.keys.audit, writer.chain, self.ring), durable=True)

    @property
    def opened(self) -> OpenedStore:
        return OpenedStore(self.store, self.new_ring)

    def verify(self) -> VerifyReport:
        return verify(self.store, self.keys.audit, None, self.new_ring())

    def shred(self, name: str) -> None:
        keys = [key for key in self.key_store.all() if key.retention_class == name]
        self.state(statement(StatementKind.EXPIRED, "anna", keys=[key.id.hex() for key in keys]))
        self.key_store.shred([self.ring.deleted(key, datetime.now(UTC)) for key in keys], [])


@pytest.fixture
def sealed(ground: Ground, tmp_path: Path) -> Iterator[Sealed]:
    with closing(ground.open()) as database:  # type: ignore[type-var]
        keys = Keys.load_or_create(tmp_path / "keys")
        file = KeyFile.open(tmp_path / "keys" / "record-keys.db") if ground.chains[0] == "1" else None
        yield Sealed(database, ground, keys, DatabaseKeys(file or database))
        if file:
            file.close()
