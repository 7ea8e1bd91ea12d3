"""Installations and events, as the tests of the record make them, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.audit.conftest import Installation, make_event
from tests.storage.grounds import Ground, PostgreSQLGround, SQLiteGround
from tests.storage.postgresql_server import PostgreSQLServer
from tests.storage.sealed import sealed

from promptguard.keys import Keys

__all__ = ["make_event", "sealed"]


@pytest.fixture
def on_postgresql(postgresql_server: PostgreSQLServer) -> PostgreSQLGround:
    """An empty database of the server's."""
    return PostgreSQLGround(postgresql_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Ground:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return SQLiteGround(tmp_path)
    ground: Ground = request.getfixturevalue("on_postgresql")
    return ground


@pytest.fixture
def installation(ground: Ground, tmp_path: Path) -> Iterator[Installation]:
    """An installation on each kind of database."""
    database = ground.open()
    yield Installation(tmp_path, Keys.load_or_create(tmp_path / "keys"), database, ground)
    database.close()
