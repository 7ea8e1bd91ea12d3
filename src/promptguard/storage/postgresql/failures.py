"""What goes wrong with a PostgreSQL database, in words that a person can act on."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from promptguard.errors import StorageAway, StorageError
from promptguard.storage.postgresql.address import Address

_UNREACHABLE = (
    "The database cannot be reached.",
    "See that PostgreSQL runs there, and that nothing between it and this machine is in the way.",
)

_SENTENCES: dict[str, tuple[str, str]] = {
    "25006": ("The database is read-only.", "Name the primary server, not a standby."),
    "28": (
        "The database refuses to let PromptGuard in.",
        "See that user and password are right, and that pg_hba.conf lets this machine in.",
    ),
    "3D": ("There is no such database.", "Make it with `createdb`, or name another one."),
    "42501": (
        "The database user has too few rights.",
        "Make it the owner of the database, or grant it all on the schema and on PromptGuard's tables.",
    ),
    "40": ("Two writers were in each other's way.", "Nothing needs to be done: it is tried again."),
    "53100": ("The server's disk is full.", "Make room on the disk of the database server."),
    "53": ("The server has too little left of something.", "See its log; raise max_connections, memory or disk."),
    "55P03": ("Another program keeps the database locked.", "Look for long transactions in pg_stat_activity."),
    "57014": ("The database took too long to answer.", "Look at the load of the database server."),
    "57": ("The database server is stopping or starting.", "Wait for it: PromptGuard connects again by itself."),
    "58": ("The disk of the database server reported an error.", "Look after that disk."),
    "XX": ("The database is damaged.", "Stop PromptGuard, keep a copy for examination, and restore the last backup."),
}
"""By SQLSTATE or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


_AWAY = ("08", "25006", "28", "3D", "53", "55P03", "57", "58")
"""SQLSTATEs, or their classes, of a server that may do the same thing later."""


def is_away(error: DBAPIError | psycopg.Error) -> bool:
    """Whether nothing is wrong with what was asked: the server cannot be reached, or cannot do it just now."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlstate", None)
    if code is None:
        return isinstance(cause, psycopg.OperationalError)
    return str(code).startswith(_AWAY)


def storage_error(error: DBAPIError | psycopg.Error, address: Address) -> StorageError:
    """An error of the driver as one that a person can act on, without the driver's own words."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlstate", None)
    kind = StorageAway if is_away(error) else StorageError
    if code is None:
        if isinstance(cause, psycopg.OperationalError):
            return kind(address.shown, f"{_UNREACHABLE[0]} ({type(cause).__name__})", _UNREACHABLE[1])
        return StorageError(address.shown, f"The database failed. ({type(cause).__name__})", "See the server's log.")
    problem, remedy = (
        _SENTENCES.get(code)
        or _SENTENCES.get(code[:2])
        or ("The database failed.", "See the server's log, and PostgreSQL's description of this code.")
    )
    return kind(address.shown, f"{problem} ({code})", remedy)
