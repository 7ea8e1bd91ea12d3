"""The service for macOS: its script runs on a folder that stands for a Mac, with stand-ins for Apple's commands."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.installation.folders import CONFIG_VARIABLE, DATA_VARIABLE
from tools.packages import build

FOLDER = build.HERE / "macos"
LABEL = "com.promptguard.proxy"
PLIST = plistlib.loads((FOLDER / f"{LABEL}.plist").read_bytes())
INSTALL = FOLDER / "install.sh"

STAND_IN = """#!/bin/sh
echo "${0##*/} $*" >> "$STAND_INS/asked"
case "${0##*/} $*" in
"id -u") echo "${WHO:-0}" ;;
"dscl . -read "*) [ -e "$STAND_INS/user" ] ;;
"dscl . -list /Users UniqueID") printf 'root 0\\n_one 400\\n_two 402\\n' ;;
"dscl . -list /Groups PrimaryGroupID") printf 'wheel 0\\n_one 401\\n' ;;
"dscl . -create /Users/"*) touch "$STAND_INS/user" ;;
"launchctl print "*) exit 113 ;;
"promptguard init "*) mkdir -p "$2" && touch "$2/policy.yaml" ;;
esac
"""


class Machine:
    """A folder that stands for a Mac."""

    def __init__(self, folder: Path, *, installed: bool = True) -> None:
        self.root, self._stand_ins = folder / "root", folder / "stand-ins"
        self._stand_ins.mkdir()
        for name in ("id", "dscl", "launchctl", "chown"):
            self._stand_in(self._stand_ins / name)
        if installed:
            self._stand_in(self.root / "opt/promptguard/bin/promptguard")

    def _stand_in(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN)
        path.chmod(0o755)

    def run(self, *arguments: str, who: int = 0) -> tuple[int, str, list[str]]:
        """Status, what is said, and what was asked of the machine."""
        environment = {
            **os.environ,
            "PATH": f"{self._stand_ins}:{os.environ['PATH']}",
            "STAND_INS": str(self._stand_ins),
            "PROMPTGUARD_ROOT": str(self.root),
            "WHO": str(who),
        }
        (self._stand_ins / "asked").unlink(missing_ok=True)
        done = subprocess.run(["sh", INSTALL, *arguments], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr, (self._stand_ins / "asked").read_text().splitlines()


def test_it_starts_a_command_that_exists_as_a_user_of_its_own() -> None:
    assert PLIST["Label"] == LABEL
    program, *words = PLIST["ProgramArguments"]
    assert Path(program).name == "promptguard"
    assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0
    assert PLIST["UserName"] == PLIST["GroupName"] == "_promptguard"
    assert PLIST["Umask"] == 0o077
    assert PLIST["KeepAlive"] == {"SuccessfulExit": False}


def test_plist_and_script_name_the_same_places() -> None:
    text = INSTALL.read_text()
    said = dict(re.findall(r"^(\w+)=(/\S+)$", text, re.MULTILINE))
    assert PLIST["EnvironmentVariables"] == {CONFIG_VARIABLE: said["configuration"], DATA_VARIABLE: said["data"]}
    assert PLIST["StandardErrorPath"] == PLIST["StandardOutPath"] == said["log"]
    assert PLIST["ProgramArguments"][0] == said["program"]
    assert PLIST["WorkingDirectory"] == said["data"]


def test_it_is_installed_with_a_user_and_started(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    status, _, asked = machine.run()
    assert status == 0
    plist = machine.root / "Library/LaunchDaemons" / f"{LABEL}.plist"
    assert plist.read_bytes() == (FOLDER / f"{LABEL}.plist").read_bytes()
    assert plist.stat().st_mode & 0o777 == 0o644, "launchd takes none that others can write"
    assert (machine.root / "usr/local/var/promptguard").stat().st_mode & 0o777 == 0o700
    assert (machine.root / "usr/local/etc/promptguard/policy.yaml").stat().st_mode & 0o007 == 0
    assert "dscl . -create /Users/_promptguard UniqueID 403" in asked, "the first that no user and no group has"
    assert asked[-1] == f"launchctl bootstrap system {plist}"


def test_a_second_time_changes_nothing_that_is_there(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.run()
    policy = machine.root / "usr/local/etc/promptguard/policy.yaml"
    policy.write_text("mine")
    status, _, asked = machine.run()
    assert status == 0 and policy.read_text() == "mine"
    assert not [line for line in asked if "-create" in line or line.startswith("promptguard init")]
    assert next(line for line in asked if "launchctl boot" in line) == f"launchctl bootout system/{LABEL}"


def test_what_was_recorded_stays_when_it_is_removed(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.run()
    status, told, asked = machine.run("remove")
    assert status == 0 and "stay" in told
    assert not (machine.root / "Library/LaunchDaemons" / f"{LABEL}.plist").exists()
    assert (machine.root / "usr/local/var/promptguard").is_dir()
    assert not [line for line in asked if "bootstrap" in line]


@pytest.mark.parametrize(
    ("arguments", "who", "installed", "status", "said"),
    [
        ([], 501, True, 1, "Run it as root"),
        (["start"], 0, True, 2, "install (the default) or remove"),
        ([], 0, False, 1, "install PromptGuard there first"),
    ],
)
def test_what_is_wrong_is_told(
    tmp_path: Path, arguments: list[str], who: int, installed: bool, status: int, said: str
) -> None:
    found, told, asked = Machine(tmp_path, installed=installed).run(*arguments, who=who)
    assert (found, said in told) == (status, True)
    assert not [line for line in asked if "bootstrap" in line or "-create" in line]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck (Debian: shellcheck)")
def test_the_script_is_sound() -> None:
    done = subprocess.run(["shellcheck", INSTALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
