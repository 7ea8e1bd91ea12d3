from __future__ import annotations

import re

import psycopg
import pytest
from psycopg import errors

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
