from __future__ import annotations

import re

import psycopg
import pytest
from psycopg import errors
from tests.storage.postgresql_server import PASSWORD, USER, PostgreSQLServer

from promptguard.storage.postgresql.address import Address
from promptguard.storage.postgresql.failures import storage_error

TOLD = "what the driver says"
ADDRESS = Address.parse("postgresql://ana@db.test/guard")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.OperationalError(TOLD), "cannot be reached"),
        (errors.InvalidPassword(TOLD), "refuses to let PromptGuard in"),
        (errors.InvalidCatalogName(TOLD), "no such database"),
        (errors.DiskFull(TOLD), "disk is full"),
        (errors.TooManyConnections(TOLD), "too little left"),
        (errors.AdminShutdown(TOLD), "stopping or starting"),
        (errors.ReadOnlySqlTransaction(TOLD), "read-only"),
        (errors.InsufficientPrivilege(TOLD), "too few rights"),
        (errors.UndefinedTable(TOLD), r"The database failed\. \(42P01\)"),
        (psycopg.InterfaceError(TOLD), "The database failed"),
    ],
)
def test_sentences(error: psycopg.Error, words: str) -> None:
    failure = storage_error(error, ADDRESS)
    assert failure.place == "postgresql://ana@db.test/guard"
    assert re.search(words, str(failure))
    assert TOLD not in str(failure)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('FATAL:  password authentication failed for user "ana"', "refuses to let PromptGuard in"),
        ("fe_sendauth: no password supplied", "refuses to let PromptGuard in"),
        ('FATAL:  no pg_hba.conf entry for host "192.0.2.7", user "ana", database "guard"', "refuses to let"),
        ('FATAL:  database "guard" does not exist', "no such database"),
        ("FATAL:  sorry, too many clients already", "too little left"),
        ("FATAL:  the database system is starting up", "stopping or starting"),
        ("server does not support SSL, but SSL was required", "does not speak TLS"),
        ("SSL error: certificate verify failed", "certificate of the database server is not trusted"),
        ('root certificate file "/x/root.crt" does not exist', "certificate of the database server is not trusted"),
        ("failed to resolve host 'db.test': [Errno -2] Name or service not known", "leads to no address"),
        ("Connection refused\n\tIs the server running on that host", "Nothing listens"),
        ('invalid port number: "99999999"', "does not know"),
        ("FATAL:  Passwort-Authentifizierung fehlgeschlagen", "cannot be reached"),
    ],
)
def test_connections_that_were_not_made(said: str, words: str) -> None:
    failure = storage_error(psycopg.OperationalError(f"connection failed: {said}"), ADDRESS)
    assert words in str(failure)
    assert said not in str(failure)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("{server}", None),
        ("postgresql://{user}:{password}@/nowhere?host={folder}", "There is no such database"),
        ("postgresql://nobody:{password}@/postgres?host={folder}", "refuses to let PromptGuard in"),
        ("postgresql://{user}:{password}@/postgres?host={folder}/none", "no socket"),
        ("postgresql://{user}:{password}@127.0.0.1:1/postgres", "Nothing listens"),
        ("postgresql://{user}:{password}@127.0.0.1:99999/postgres", "does not know"),
        ("postgresql://{user}:{password}@/postgres?host={folder}&sslmode=sometimes", "does not know"),
    ],
)
def test_a_real_server(postgresql_server: PostgreSQLServer, url: str, words: str | None) -> None:
    """What libpq really says."""
    address = Address.parse(
        url.format(server=postgresql_server.url(), user=USER, password=PASSWORD, folder=postgresql_server.folder)
    )
    if words is None:
        address.connect().close()
        return
    with pytest.raises(psycopg.Error) as caught:
        address.connect()
    failure = str(storage_error(caught.value, address))
    assert words in failure
    assert PASSWORD not in failure
