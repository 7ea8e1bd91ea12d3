"""That the scripts are well-formed; tests/e2e/test_client_check.py runs the one for the shell against the proxy."""

from __future__ import annotations

import subprocess

from kit_support.powershell import mistake_in

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.checking import check_powershell, check_script


def test_they_name_proxy_pac_file_and_ca(rollout: Rollout, without_pac: Rollout) -> None:
    shell, powershell = check_script(rollout, "macos").decode(), check_powershell(rollout).decode()
    for script in (shell, powershell):
        assert all(part and part in script for part in (rollout.url, rollout.pac, rollout.thumbprint))
    assert rollout.pem.strip() in shell and rollout.base64 in powershell
    assert "PAC=''\n" in check_script(without_pac, "linux").decode()


def test_they_are_well_formed(rollout: Rollout) -> None:
    subprocess.run(["sh", "-n"], input=check_script(rollout, "linux"), check=True)
    assert mistake_in(check_powershell(rollout).decode("ascii")) == ""
