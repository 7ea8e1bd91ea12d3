"""The connection that holds a chain: what is lost with it is found out before the next commit."""

from __future__ import annotations

import secrets

import psycopg

from promptguard.audit.interface import ChainTaken
from promptguard.storage.postgresql.address import close_quietly
from promptguard.storage.postgresql.database import PostgreSQLDatabase, lock_key
from promptguard.storage.postgresql.positions import skip_after_crash

_TRY_LOCK = "SELECT pg_try_advisory_lock(%s)"
_END_FORMER = (
    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
    " WHERE application_name = %s AND pid <> pg_backend_pid()"
)


class ChainSession:
    """A session of the server's that holds an advisory lock on one chain: nobody else writes it meanwhile.

    The lock lives as long as the session. Whoever writes does it in the very session, so nothing can be committed
    without the lock.
    """

    def __init__(self, database: PostgreSQLDatabase, chain: str) -> None:
        self._database = database
        self._chain = chain
        self._name = f"promptguard-chain-{secrets.token_hex(8)}"
        """Known to us alone: the session that we lost, which the server may not have noticed yet, goes by it too."""
        self._connection: psycopg.Connection | None = None

    def take(self) -> bool:
        """Take the chain; False if somebody else has it.

        Raises:
            psycopg.Error: the server cannot be asked.
        """
        connection = self._database.address.connect(name=self._name)
        try:
            taken = self._try(connection)
            if not taken and connection.execute(_END_FORMER, (self._name,)).fetchone():
                taken = self._try(connection)
            connection.commit()
            if taken:
                skip_after_crash(connection)
        except BaseException:
            close_quietly(connection)
            raise
        if not taken:
            close_quietly(connection)
            return False
        self._connection = connection
        return True

    def _try(self, connection: psycopg.Connection) -> bool:
        row = connection.execute(_TRY_LOCK, (lock_key(b"chain " + self._chain.encode()),)).fetchone()
        return row is not None and row[0] is True

    def connection(self) -> psycopg.Connection:
        """The session, taken anew where it was lost.

        Raises:
            ChainTaken: another process has taken the chain since.
            psycopg.Error: the server cannot be reached.
        """
        if (self._connection is None or self._connection.closed) and not self.take():
            raise ChainTaken(
                f"Another process has taken chain {self._chain} of the record while the database was away."
            )
        assert self._connection is not None
        return self._connection

    def roll_back(self) -> None:
        """End a transaction that failed; the chain is left where that is not possible."""
        if self._connection is not None:
            try:
                self._connection.rollback()
            except psycopg.Error:
                self.drop()

    def drop(self) -> None:
        """Leave the chain."""
        if self._connection is not None:
            close_quietly(self._connection)
            self._connection = None
