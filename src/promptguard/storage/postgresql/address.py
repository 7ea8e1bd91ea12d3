"""Where a PostgreSQL database is, as an address that may be shown."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from promptguard.errors import StorageError

_SECRETS = ("password", "sslpassword", "passfile")

_DEFAULTS = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 4_000,
    # Whoever stops in the middle of a transaction must not hold up the other machines. In milliseconds.
    # Queries are not compiled: that may take a second, and all of ours touch few rows
    # (https://www.postgresql.org/docs/current/jit-decision.html).
    "options": (
        "-c idle_in_transaction_session_timeout=5000 -c lock_timeout=10000 -c statement_timeout=60000 -c jit=off"
    ),
}
"""What libpq is told where an address does not say otherwise; seconds, but for `tcp_user_timeout`
(https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS)."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL as libpq takes it, with whatever it may name (`sslmode`, several hosts, …)."""

    _parameters: dict[str, Any] = field(repr=False)
    shown: str
    """The address without passwords, for errors."""

    def __str__(self) -> str:
        return self.shown

    @classmethod
    def parse(cls, url: str) -> Address:
        """The address in a URL.

        Raises:
            StorageError: it is none. The text is not repeated, as it holds a password.
        """
        try:
            parameters = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
        except psycopg.Error:
            raise _unreadable() from None
        # Behind a password with an @ or / in it, libpq takes the rest of the password for a host or a database.
        if any("@" in str(parameters.get(name, "")) for name in ("host", "port", "dbname")):
            raise _unreadable()
        return cls({**_DEFAULTS, **parameters}, _shown(parameters))

    def connect(self, *, name: str = "promptguard", autocommit: bool = False) -> psycopg.Connection:
        """A new connection.

        Args:
            name: under which the server lists it.
            autocommit: whether each statement is a transaction of its own.

        Raises:
            psycopg.Error: there is none.
        """
        return psycopg.connect(**{**self._parameters, "application_name": name}, autocommit=autocommit)


def _unreadable() -> StorageError:
    return StorageError(
        "database",
        "The address of the database cannot be read.",
        "Write postgresql://user:password@host:5432/database; special characters of a password as %XX (@ as %40).",
    )


def close_quietly(connection: psycopg.Connection) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(psycopg.Error):
        connection.close()


def _shown(parameters: dict[str, Any]) -> str:
    user = f"{parameters['user']}@" if "user" in parameters else ""
    port = f":{parameters['port']}" if parameters.get("port", "").strip(",") else ""
    return f"postgresql://{user}{parameters.get('host', '')}{port}/{parameters.get('dbname', '')}"
