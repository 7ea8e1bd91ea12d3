"""What goes wrong with a PostgreSQL database, in words that a person can act on."""

from __future__ import annotations

import re
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

_NOT_CONNECTED: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"authentication failed|no password supplied|pg_hba\.conf|role \".*\" does not exist|to log in", _SENTENCES["28"]),
    (r"database \".*\" does not exist", _SENTENCES["3D"]),
    (r"too many (clients|connections)|remaining connection slots", _SENTENCES["53"]),
    (r"the database system is", _SENTENCES["57"]),
    (
        "does not support SSL",
        (
            "The database server does not speak TLS, and sslmode in its address wants it.",
            "Set up TLS there (ssl = on), or leave sslmode out where nobody else can read or change what passes.",
        ),
    ),
    (
        r"certificate|SSL error",
        (
            "The certificate of the database server is not trusted.",
            "Name the server as its certificate does, and the authority that issued it as sslrootcert in the address.",
        ),
    ),
    (
        r"resolve host|translate host name",
        (
            "The name of the database server leads to no address.",
            "Correct the host, or see that this machine can look it up. Special characters of a password: as %XX.",
        ),
    ),
    (
        "refused",
        ("Nothing listens at the database's address.", "Start PostgreSQL, or correct host, port or listen_addresses."),
    ),
    (
        r"socket .*No such file",
        (
            "There is no socket of a database server there.",
            "Start PostgreSQL, or name its host, or the socket's folder.",
        ),
    ),
    (
        "invalid",
        (
            "The address of the database has a value that PostgreSQL does not know.",
            "Correct its port, or what stands behind its `?`, such as sslmode=verify-full.",
        ),
    ),
)
"""By libpq's own words, as a connection that was not made has no SQLSTATE. Where the server does not speak
English, none may fit."""


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
            problem, remedy = _not_connected(str(cause))
            return kind(address.shown, f"{problem} ({type(cause).__name__})", remedy)
        return StorageError(address.shown, f"The database failed. ({type(cause).__name__})", "See the server's log.")
    problem, remedy = (
        _SENTENCES.get(code)
        or _SENTENCES.get(code[:2])
        or ("The database failed.", "See the server's log, and PostgreSQL's description of this code.")
    )
    return kind(address.shown, f"{problem} ({code})", remedy)


def _not_connected(words: str) -> tuple[str, str]:
    """Why there is no connection, by the words of libpq. They may hold parts of the address, and are not repeated."""
    return next((each for pattern, each in _NOT_CONNECTED if re.search(pattern, words)), _UNREACHABLE)
