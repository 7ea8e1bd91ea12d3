from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from promptguard.configuration.publishing import (
    WrongKey,
    check_signature,
    is_shared,
    load_private,
    load_public,
    shared_files,
)
from promptguard.configuration.reading_settings import read_settings
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.evidence.keys import encrypted_pem, public_pem
from promptguard.policy.publications import Publication

PASSPHRASE = "correct horse battery"
ONE = Publication(1, "a" * 64, "2026-03-01T09:30:00.000Z", "ann", "why")


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("policy.yaml", True),
        ("ai-policy.md", True),
        ("a/ai-policy.md", False),
        (".ai-policy.md", False),
        ("password.txt", False),
        ("destinations/web.yaml", True),
        ("recognizers/lists/words.txt", True),
        ("notices/en.yaml", True),
        ("promptguard.yaml", False),
        ("users.htpasswd", False),
        ("recognizers/../promptguard.yaml", False),
        ("recognizers/.hidden", False),
        ("recognizers\\..\\x", False),
        ("/policy.yaml", False),
        ("", False),
    ],
)
def test_what_is_published(name: str, shared: bool) -> None:
    assert is_shared(name) is shared


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("policy.yaml", "promptguard.yaml", "notices/en.yaml", "recognizers/.swp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert shared_files(tmp_path) == {"policy.yaml": b"policy.yaml", "notices/en.yaml": b"notices/en.yaml"}


def test_keys(tmp_path: Path) -> None:
    key, other = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    for name, content in (
        ("a.pem", encrypted_pem(key, PASSPHRASE)),
        ("a.pub.pem", public_pem(key.public_key())),
        ("b.pem", encrypted_pem(other, PASSPHRASE)),
        ("b.pub.pem", public_pem(other.public_key())),
        ("c", b"nothing"),
    ):
        (tmp_path / name).write_bytes(content)
    assert load_private(tmp_path / "a.pem", PASSPHRASE).public_key() == load_public(tmp_path / "a.pub.pem")
    for name, passphrase, why in (
        ("a.pem", "wrong", "wrong"),
        ("b.pem", PASSPHRASE, "another kind"),
        ("c", "", "no private"),
    ):
        with pytest.raises(WrongKey, match=why):
            load_private(tmp_path / name, passphrase)
    for name, why in (("a.pem", "no public key"), ("b.pub.pem", "another kind"), ("c", "no public key")):
        with pytest.raises(WrongKey, match=why):
            load_public(tmp_path / name)


def test_who_may_publish(tmp_path: Path) -> None:
    keys = [Ed25519PrivateKey.generate() for _ in range(3)]
    files = [tmp_path / f"{number}.pem" for number in range(2)]
    for file, key in zip(files, keys, strict=False):
        file.write_bytes(public_pem(key.public_key()))
    for number, key in enumerate(keys):
        signed = ONE.with_signature(key.sign(ONE.signed))
        if number < 2:
            check_signature(signed, files)
        else:
            with pytest.raises(PromptGuardError, match="signed by none"):
                check_signature(signed, files)
    with pytest.raises(PromptGuardError, match="signed by none"):
        check_signature(ONE, files)


@pytest.mark.parametrize(("content", "why"), [(None, "cannot be read"), (b"nothing", "no public key in PEM")])
def test_a_wrong_key_is_told(tmp_path: Path, content: bytes | None, why: str) -> None:
    (tmp_path / "promptguard.yaml").write_text("configuration:\n  signed_by: [a.pem]\n")
    if content is not None:
        (tmp_path / "a.pem").write_bytes(content)
    with pytest.raises(ConfigError, match=why) as raised:
        read_settings(tmp_path)
    assert raised.value.line == 2
