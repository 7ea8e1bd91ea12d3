"""The order in which records were committed, over all chains: given out under a lock, and never a second time.

A server that crashes comes back without what it had not flushed, the last numbers that a sequence gave out among it. A
table that is not logged is empty then, and only then: whoever next takes a chain sees that, and skips so many numbers
that none which somebody may have read is given to another record.
"""

from __future__ import annotations

from typing import Final

import psycopg

from promptguard.storage.postgresql.database import lock_key

IN_ORDER: Final = "SELECT pg_advisory_xact_lock(%s)"
POSITIONS: Final = lock_key(b"positions")
"""Held from the first position that a transaction takes until all see what it committed: a position is never seen
before a lower one."""

SKIPPED: Final = 1_000_000
"""More than are given out between two flushes, which the server does every fraction of a second."""

_IS_THERE: Final = "SELECT to_regclass('audit_crash_watch') IS NOT NULL"
_IS_OURS: Final = "SELECT to_regclass('audit_record') IS NOT NULL"
_CREATE: Final = "CREATE UNLOGGED TABLE audit_crash_watch (seen boolean NOT NULL)"
_SEEN: Final = "SELECT EXISTS (SELECT FROM audit_crash_watch)"
_NOTE: Final = "INSERT INTO audit_crash_watch VALUES (true)"
_SKIP: Final = (
    "SELECT setval(pg_get_serial_sequence('audit_record', 'position'),"
    " nextval(pg_get_serial_sequence('audit_record', 'position')) + %s)"
)


def skip_after_crash(connection: psycopg.Connection) -> None:
    """Call in each new session that writes, before it does: a crash ends all others. Commits.

    Raises:
        psycopg.Error: the server cannot do it.
    """
    connection.execute(IN_ORDER, (POSITIONS,))
    if not _is_so(connection, _IS_THERE):
        if _is_so(connection, _IS_OURS):
            connection.execute(_CREATE)
            connection.execute(_NOTE)
    elif not _is_so(connection, _SEEN):
        connection.execute(_SKIP, (SKIPPED,))
        connection.execute(_NOTE)
    connection.commit()


def _is_so(connection: psycopg.Connection, question: str) -> bool:
    row = connection.execute(question.encode()).fetchone()
    return row is not None and row[0] is True
