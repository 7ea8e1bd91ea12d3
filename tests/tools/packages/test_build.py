"""The Debian package and the RPM, built around an environment that is made up: what is in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from promptguard.installation.shipped import files_of
from tools.packages import build

SCRIPTS = ["promptguard.sh", "check_deb.sh", "deb/postinst", "deb/prerm", "deb/postrm"]
UNIT = build.HERE / "promptguard.service"

CONFIGURED = {
    "/etc/default/promptguard",
    *(f"/etc/promptguard/{name}" for name in files_of(build.ROOT / "config")),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What is packed, with one file in place of the environment."""
    root = tmp_path / "root"
    build.stage_files(root)
    command = root / "opt" / "promptguard" / "bin" / "promptguard"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    return root


def output(*command: str | Path) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb (Debian: dpkg)")
def test_a_debian_package(root: Path, tmp_path: Path) -> None:
    made = build.build_deb(root, tmp_path, tmp_path, "3.13")
    told = dict(re.findall(r"^ (\w[\w-]*): (.*)$", output("dpkg-deb", "--info", made), re.MULTILINE))
    assert told["Version"] == build.version()
    assert told["Depends"].startswith("python3.13, ")
    content = output("dpkg-deb", "--contents", made).splitlines()
    modes = {line.split(" ./", 1)[1].split(" -> ")[0]: (line.split()[0], line.split()[1]) for line in content}
    assert modes["usr/bin/promptguard"] == ("-rwxr-xr-x", "root/root")
    assert modes["usr/lib/systemd/system/promptguard.service"] == ("-rw-r--r--", "root/root")
    control = tmp_path / "control"
    output("dpkg-deb", "--control", made, control)
    assert set((control / "conffiles").read_text().split()) == CONFIGURED
    assert (control / "postinst").stat().st_mode & 0o777 == 0o755
    assert "@" not in (control / "control").read_text().replace("promptguard@localhost", "")


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb (Debian: dpkg)")
def test_it_is_the_same_when_it_is_built_again(root: Path, tmp_path: Path) -> None:
    first = build.build_deb(root, tmp_path, tmp_path, "3.13").read_bytes()
    assert build.build_deb(root, tmp_path, tmp_path, "3.13").read_bytes() == first


@pytest.mark.skipif(shutil.which("rpmbuild") is None, reason="needs rpmbuild (Debian: rpm)")
def test_an_rpm(root: Path, tmp_path: Path) -> None:
    made = build.build_rpm(root, tmp_path, tmp_path, "3.13")
    assert "/usr/bin/python3.13" in output("rpm", "-qp", "--requires", made).split()
    assert set(output("rpm", "-qp", "--configfiles", made).split()) == CONFIGURED
    listed = set(output("rpm", "-qp", "--list", made).split())
    packed = {f"/{path.relative_to(root)}" for path in root.rglob("*") if path.is_file()}
    assert packed <= listed


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_ones(name: str) -> None:
    output("sh", "-n", build.HERE / name)


def test_the_command_finds_the_folders_of_the_service() -> None:
    given = dict(re.findall(r"(PROMPTGUARD_\w+)=(\S+)", re.search(r"^Environment=(.*)$", UNIT.read_text(), re.M)[1]))
    wrapper = (build.HERE / "promptguard.sh").read_text()
    assert dict(re.findall(r"^(\w+)=\$\{\w+:-(.*)\}$", wrapper, re.MULTILINE)) == given
    assert given["PROMPTGUARD_CONFIG"] == "/etc/promptguard"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (Debian: systemd)")
def test_the_service_sees_little_of_the_machine() -> None:
    told = output("systemd-analyze", "security", "--offline=yes", "--threshold=20", UNIT)
    assert float(re.search(r"exposure level for promptguard.service: ([\d.]+)", told)[1]) < 2.0


def test_what_is_packed_beside_the_environment(root: Path) -> None:
    assert files_of(root / "etc" / "promptguard") == files_of(build.ROOT / "config")
    assert yaml.safe_load((root / "etc" / "promptguard" / "policy.yaml").read_text())
    assert (root / "usr" / "share" / "doc" / "promptguard" / "README.md").exists()
