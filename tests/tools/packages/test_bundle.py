"""The archive for machines without the internet: its checksums, signature and bill of materials."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.packages import build, bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "promptguard-offline"
    (made / "wheels").mkdir(parents=True)
    for name in ("requirements.txt", "wheels/a.whl"):
        (made / name).write_text(name)
    bundle.put_installer(made, "Linux")
    bundle.write_checksums(made)
    return made


def installed(folder: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The installer, with a Python that notes what it is asked and does nothing."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n[ "$1" = -m ] && [ "$2" = venv ] && exit 3\n')
    python.chmod(0o755)
    command = ["sh", str(folder / "install.sh"), str(tmp_path / "target")]
    environment = {**os.environ, "PYTHON": str(python)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_nothing_is_installed_unless_every_file_is_as_it_was_packed(folder: Path, tmp_path: Path) -> None:
    assert installed(folder, tmp_path).returncode == 3, "it has asked for an environment"
    (tmp_path / "asked").unlink()
    (folder / "wheels" / "a.whl").write_text("another one")
    done = installed(folder, tmp_path)
    assert done.returncode == 1
    assert "nothing was installed" in done.stderr
    assert not (tmp_path / "asked").exists()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen (Debian: openssh-client)")
def test_a_signature_that_openssh_verifies(folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    bundle.sign(folder, key)
    (tmp_path / "allowed").write_text(f"releases {key.with_suffix('.pub').read_text()}")
    verify = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "releases", "-n", "promptguard"]
    verify += ["-s", str(folder / "SHA256SUMS.sig")]
    sums = (folder / "SHA256SUMS").read_bytes()
    assert subprocess.run(verify, input=sums, capture_output=True, check=False).returncode == 0
    assert subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, check=False).returncode == 0
    assert subprocess.run(verify, input=sums + b"x", capture_output=True, check=False).returncode != 0
    other = [word if word != "promptguard" else "git" for word in verify]
    assert subprocess.run(other, input=sums, capture_output=True, check=False).returncode != 0, "of another namespace"
    (tmp_path / "allowed").write_text(f"somebody {key.with_suffix('.pub').read_text()}")
    assert subprocess.run(verify, input=sums, capture_output=True, check=False).returncode != 0, "of somebody else"


def test_archives_of_one_folder_are_the_same(folder: Path) -> None:
    first = bundle.pack(folder).read_bytes()
    (folder / "requirements.txt").touch()
    assert bundle.pack(folder).read_bytes() == first
    with tarfile.open(bundle.pack(folder)) as archive:
        modes = {member.name: member.mode for member in archive}
    assert modes["promptguard-offline/install.sh"] == 0o755


@pytest.mark.skipif(shutil.which("uv") is None and not (build.ROOT / ".make/uv/bin/uv").exists(), reason="needs uv")
def test_the_bill_of_materials_names_what_is_installed() -> None:
    uv = shutil.which("uv") or str(build.ROOT / ".make/uv/bin/uv")
    told = bundle.bill_of_materials(uv)
    assert told == bundle.bill_of_materials(uv)
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(told) is None, "CycloneDX's own schema takes it"
    bill = json.loads(told)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    names = {each["name"] for each in bill["components"]}
    assert {"mitmproxy", "presidio-analyzer", "spacy", "psycopg"} <= names
    assert not {"pytest", "mypy"} & names
    assert all(each["purl"].startswith("pkg:pypi/") for each in bill["components"])
    assert bill["metadata"]["component"]["licenses"] == [{"license": {"id": "Apache-2.0"}}]
