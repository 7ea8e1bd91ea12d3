from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.commands.conftest import on

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.publishing import shared_files
from promptguard.evidence.keys import public_pem
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.publications import Publications
from promptguard.runtime.publishing import Signer, publish
from promptguard.storage.sqlite.backend import SQLiteBackend


def test_devices_are_given_credentials_and_lose_them(config: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(config, tmp_path / "own"))
    run = on(own, tmp_path / "data")
    made = run("devices issue", "--user", "anna", "--days", "7")
    assert made.exit_code == 0, made.output
    id = made.output.split()[1]
    revoked = run("devices revoke", id)
    assert revoked.exit_code == 0 and "is revoked in" in revoked.output
    assert id in load_bundle(own).identities.device_revocations.devices
    assert run("devices revoke", "anna").exit_code == 2
    all_of = run("devices revoke", "--user", "anna")
    assert all_of.exit_code == 0 and "What devices of anna were given until now" in all_of.output
    assert "anna" in load_bundle(own).identities.device_revocations.before
    assert run("devices revoke").exit_code == 2 and run("devices revoke", id, "--user", "anna").exit_code == 2
    assert run("devices issue", "--user", "anna", "--days", "0").exit_code == 2


def test_a_revocation_that_is_still_to_be_published_is_told(config: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(config, tmp_path / "own"))
    key = Ed25519PrivateKey.generate()
    (own / "signer.pem").write_bytes(public_pem(key.public_key()))
    with (own / "promptguard.yaml").open("a") as settings:
        settings.write("\nconfiguration: {signed_by: signer.pem}\n")
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        store = backend.publications(bytes(32))
        version = publish(store, shared_files(own), Signer("ann", key), "because")
        Publications(own, DataFolder(tmp_path / "data"), [own / "signer.pem"]).take_up(version, store, bool)
    revoked = on(own, tmp_path / "data")("devices revoke", "dev-0123456789ab")
    assert revoked.exit_code == 1 and "promptguard configuration publish" in revoked.output


@pytest.mark.parametrize("devices", [False, True])
def test_whether_the_proxy_takes_them_is_told(config: Path, tmp_path: Path, devices: bool) -> None:
    own = Path(shutil.copytree(config, tmp_path / "own"))
    (own / "promptguard.yaml").write_text(f"identity: {{devices: {str(devices).lower()}}}\n")
    made = on(own, tmp_path / "data")("devices issue", "--user", "anna")
    assert made.exit_code == 0 and ("does not take them yet" in made.output) is not devices
