from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands.conftest import on

from promptguard.configuration.bundle import load_bundle


def test_devices_are_given_credentials_and_lose_them(config: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(config, tmp_path / "own"))
    run = on(own, tmp_path / "data")
    made = run("devices issue", "--user", "anna", "--days", "7")
    assert made.exit_code == 0, made.output
    id = made.output.split()[1]
    revoked = run("devices revoke", id)
    assert revoked.exit_code == 0 and "is revoked in" in revoked.output
    assert id in load_bundle(own).identities.revoked_devices
    assert run("devices revoke", "anna").exit_code == 2
    assert run("devices issue", "--user", "anna", "--days", "0").exit_code == 2
