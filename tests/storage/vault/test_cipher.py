from __future__ import annotations

import pytest

from promptguard.storage.vault.cipher import VaultCipher

KEY = bytes(range(32))
PLACE = (bytes(16), "[A_1]", "personal_data")


@pytest.mark.parametrize("text", ["", "ünï", "\ud83d lone", "x" * 10_000])
def test_round_trip(text: str) -> None:
    cipher = VaultCipher(KEY)
    assert cipher.decrypt(*cipher.encrypt(text, *PLACE), *PLACE) == text


@pytest.mark.parametrize(
    "place",
    [
        (b"\1" + bytes(15), "[A_1]", "personal_data"),
        (bytes(16), "[A_2]", "personal_data"),
        (bytes(16), "[A_1]", "credentials"),
        (bytes(16), "[A_1]", None),
    ],
)
def test_bound_to_its_place(place: tuple[bytes, str, str | None]) -> None:
    cipher = VaultCipher(KEY)
    with pytest.raises(ValueError, match="not encrypted"):
        cipher.decrypt(*cipher.encrypt("text", *PLACE), *place)


def test_another_key() -> None:
    nonce, ciphertext = VaultCipher(KEY).encrypt("text", *PLACE)
    with pytest.raises(ValueError, match="not encrypted"):
        VaultCipher(bytes(32)).decrypt(nonce, ciphertext, *PLACE)


def test_scopes() -> None:
    assert len({VaultCipher(key).scope(scope) for key in (KEY, bytes(32)) for scope in ("a", "b", "\ud83d")}) == 6
    assert len(VaultCipher(KEY).scope("a")) == 16
