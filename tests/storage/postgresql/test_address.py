from __future__ import annotations

import pytest
from tests.storage.postgresql_server import PASSWORD

from promptguard.errors import StorageError
from promptguard.storage.postgresql.address import Address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgresql://ana:{PASSWORD}@db.test:5433/guard", "postgresql://ana@db.test:5433/guard"),
        (f"postgres://db.test/guard?user=ana&password={PASSWORD}", "postgresql://ana@db.test/guard"),
        (
            f"postgresql://ana:{PASSWORD}@a.test,b.test/guard?sslmode=verify-full",
            "postgresql://ana@a.test,b.test/guard",
        ),
        (f"postgresql://:{PASSWORD}@/guard?host=/run/postgresql", "postgresql:///run/postgresql/guard"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str) -> None:
    address = Address.parse(url)
    assert str(address) == address.shown == shown
    assert PASSWORD not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ana:{PASSWORD}@[db/guard",
        f"postgresql://ana:{PASSWORD}%zz@db/guard",
        f"postgresql://ana:some@{PASSWORD}@db/guard",
        f"postgresql://ana:some/{PASSWORD}@db/guard",
        f"postgresql://ana:{PASSWORD}/some@db/guard",
    ],
)
def test_what_is_no_address_is_not_repeated(url: str) -> None:
    with pytest.raises(StorageError, match="cannot be read") as caught:
        Address.parse(url)
    assert PASSWORD not in str(caught.value)
