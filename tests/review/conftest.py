from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.samples.reviewing import Installation, emptied, event, machine, two_machines
from tests.samples.reviewing import installation as new_installation
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.model import Event


@pytest.fixture
def make_event() -> Callable[..., Event]:
    return event


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation on each kind of database."""
    if request.param == "sqlite":
        opened = new_installation(tmp_path)
    else:
        opened = machine(tmp_path, emptied(request.getfixturevalue("postgresql_server")))
    with opened as made:
        yield made


@pytest.fixture
def machines(postgresql_server: PostgreSQLServer, tmp_path: Path) -> Iterator[list[Installation]]:
    """Two machines that share a server's database and a master key."""
    with two_machines(tmp_path, postgresql_server) as both:
        yield both
