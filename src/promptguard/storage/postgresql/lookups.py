"""What a vault asks of a PostgreSQL database at each turn, which takes a way over the network."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psycopg

from promptguard.storage.postgresql.address import close_quietly
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.vault.lookups import Lookups


class PostgreSQLLookups(Lookups):
    """Asks in a thread of its own, through a connection kept for it."""

    _SELECT = "SELECT revision FROM vault_scope WHERE scope = %s"

    def __init__(self, database: PostgreSQLDatabase) -> None:
        self._database = database
        self._connection: psycopg.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="promptguard-vault-ask")

    async def revision(self, scope: bytes) -> int:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, scope)

    def _ask(self, scope: bytes) -> int:
        if self._database.away:
            return -1
        try:
            if self._connection is None:
                self._connection = self._database.address.connect(name="promptguard-vault", autocommit=True)
            row = self._connection.execute(self._SELECT, (scope,), prepare=True).fetchone()
        except psycopg.Error as error:
            self._database.failure(error)
            self._drop()
            return -1
        return int(row[0]) if row else 0

    def _drop(self) -> None:
        if self._connection is not None:
            close_quietly(self._connection)
            self._connection = None

    def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._drop()
