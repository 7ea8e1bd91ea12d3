from __future__ import annotations

from contextlib import closing

import pytest
from tests.storage.grounds import INSTALLATION, PostgreSQLGround

from promptguard.errors import StorageAway, StorageError
from promptguard.storage.postgresql.backend import PostgreSQLBackend


def test_it_says_why_nothing_can_be_kept_until_it_can(on_postgresql: PostgreSQLGround) -> None:
    with closing(PostgreSQLBackend.open(on_postgresql.url, INSTALLATION)) as backend:
        backend.check_in_place()
        on_postgresql.server.stop()
        with pytest.raises(StorageError):
            backend.audit_store().chains()
        with pytest.raises(StorageAway):
            backend.check_in_place()
        on_postgresql.server.start()
        assert backend.audit_store().chains() == []
        backend.check_in_place()


def test_no_server(on_postgresql: PostgreSQLGround) -> None:
    with pytest.raises(StorageAway):
        PostgreSQLBackend.open(on_postgresql.url.replace("/pg-", "/no-"), INSTALLATION)
