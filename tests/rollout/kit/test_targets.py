"""What each target writes, parsed as what it is."""

from __future__ import annotations

import json
import plistlib
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from kit_support.powershell import mistake_in
from lxml import etree

from promptguard.errors import PromptGuardError
from promptguard.rollout.kit import Rollout, load_targets, write_kit

TARGETS = load_targets()


@pytest.mark.parametrize("target", TARGETS)
def test_every_file_is_well_formed_and_said_in_the_instructions(target: str, rollout: Rollout, tmp_path: Path) -> None:
    written = write_kit(TARGETS[target], rollout, tmp_path / "kit")
    readme = (tmp_path / "kit" / "README.txt").read_text("utf-8")
    for path in written:
        assert path.name == "README.txt" or path.name in readme
        content = path.read_bytes()
        assert b"@@" not in content, f"a place of {path.name} is not filled"
        match path.suffix:
            case ".sh":
                subprocess.run(["sh", "-n", str(path)], check=True)
            case ".json":
                json.loads(content)
            case ".mobileconfig":
                plistlib.loads(content)
            case ".pem":
                assert x509.load_pem_x509_certificate(content) == rollout.certificate
            case ".cer":
                assert x509.load_der_x509_certificate(content) == rollout.certificate
            case ".pol":
                assert content.startswith(b"PReg\x01\x00\x00\x00")
            case ".reg":
                assert content.decode("utf-16").startswith("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL")
            case ".admx" | ".adml":
                etree.fromstring(content)
            case ".ps1":
                assert mistake_in(content.decode("ascii")) == ""
            case ".txt":
                assert rollout.url in readme and rollout.organisation in readme and "To undo" in readme
            case suffix:
                raise AssertionError(f"no test reads {suffix}")


def test_a_kit_is_written_again_but_not_over_another(rollout: Rollout, without_pac: Rollout, tmp_path: Path) -> None:
    first = write_kit(TARGETS["google"], rollout, tmp_path)
    assert write_kit(TARGETS["google"], rollout, tmp_path) == first
    with pytest.raises(PromptGuardError, match="is there already and differs"):
        write_kit(TARGETS["google"], without_pac, tmp_path)
