import pytest

from promptguard.review.accounts import NotPossible
from promptguard.review.passkeys import MAX_PASSKEYS, Passkeys


@pytest.fixture
def passkeys(installation) -> Passkeys:
    return Passkeys(installation.database)


def test_passkeys_are_found_by_account_and_credential(passkeys: Passkeys) -> None:
    passkeys.add("ann", " my  laptop ", b"one", b"key", 3)
    (found,) = passkeys.of("ann")
    assert passkeys.find(b"one") == found
    assert (found.account, found.name, found.credential, found.public_key, found.counter) == (
        "ann",
        "my laptop",
        b"one",
        b"key",
        3,
    )
    assert passkeys.find(b"two") is None
    assert passkeys.of("bob") == []
    passkeys.used(b"one", 9)
    assert passkeys.of("ann")[0].counter == 9
    passkeys.remove("bob", found.id)
    passkeys.remove("ann", "no id")
    assert passkeys.of("ann")
    passkeys.remove("ann", found.id)
    assert passkeys.of("ann") == []


def test_a_credential_belongs_to_one_account(passkeys: Passkeys) -> None:
    passkeys.add("ann", "laptop", b"one", b"key", 0)
    with pytest.raises(NotPossible, match="in use"):
        passkeys.add("bob", "laptop", b"one", b"key", 0)


def test_there_is_an_end_to_them(passkeys: Passkeys) -> None:
    for number in range(MAX_PASSKEYS):
        passkeys.add("ann", "laptop", bytes([number]), b"key", 0)
    with pytest.raises(NotPossible, match="at most"):
        passkeys.add("ann", "laptop", b"one more", b"key", 0)
