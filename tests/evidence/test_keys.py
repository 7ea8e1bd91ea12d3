from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from promptguard.evidence.keys import (
    WrongKey,
    encrypted_pem,
    load_private,
    load_public,
    private_keys_in,
    public_pem,
)

PASSPHRASE = "correct horse battery"
KEY = x25519.X25519PrivateKey.generate()
OTHER = ed25519.Ed25519PrivateKey.generate()
PEM = encrypted_pem(KEY, PASSPHRASE)


def test_a_private_key_is_read_with_its_passphrase_by_us_and_by_openssl(tmp_path: Path) -> None:
    assert load_private(PEM, PASSPHRASE).private_bytes_raw() == KEY.private_bytes_raw()
    (tmp_path / "key.pem").write_bytes(PEM)
    command = ["openssl", "pkey", "-in", str(tmp_path / "key.pem"), "-passin", f"pass:{PASSPHRASE}", "-pubout"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == public_pem(KEY.public_key())


@pytest.mark.parametrize(
    ("content", "passphrase", "said"),
    [
        (PEM, "correct horse batterie", "passphrase is wrong"),
        (PEM[:80] + PEM[84:], PASSPHRASE, "damaged"),
        (public_pem(KEY.public_key()), PASSPHRASE, "no private key"),
        (b"", PASSPHRASE, "no private key"),
        (OTHER.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "", "another kind"),
    ],
)
def test_what_is_wrong_with_a_private_key_is_said(content: bytes, passphrase: str, said: str) -> None:
    with pytest.raises(WrongKey, match=said):
        load_private(content, passphrase)


def test_a_short_passphrase_is_none() -> None:
    with pytest.raises(WrongKey, match="12 characters"):
        encrypted_pem(KEY, "elevenchars")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PEM, "private key"),
        (OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), "another kind"),
        (b"hello", "no public key"),
    ],
)
def test_what_is_wrong_with_a_public_key_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "public.pem").write_bytes(content)
    with pytest.raises(WrongKey, match=said):
        load_public(tmp_path / "public.pem")


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (PEM, True),
        (b"words before it\n" + PEM, True),
        (KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x" * 12)), True),
        (KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), True),
        (KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), True),
        (OTHER.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), False),
        (public_pem(KEY.public_key()), False),
        (b"\x30\x00", False),
        (b"policy: none", False),
    ],
)
def test_private_keys_are_found_in_folders(tmp_path: Path, content: bytes, *, is_one: bool) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(content)
    (tmp_path / "long").write_bytes(PEM + bytes(100_000))
    assert list(private_keys_in(tmp_path)) == ([tmp_path / "deep" / "file"] if is_one else [])
