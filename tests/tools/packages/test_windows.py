"""The installer for Windows: no PowerShell runs here, so that a parser of its grammar has to do."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from tools.packages import build, bundle

sys.path.insert(0, str(Path(__file__).parents[2] / "rollout" / "kit"))
from kit_support.powershell import mistake_in

INSTALL = build.HERE / "windows" / "install.ps1"
SCRIPT = INSTALL.read_text("ascii")


def test_it_is_powershell() -> None:
    assert mistake_in(SCRIPT.replace("\n", "\r\n")) == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("if ($a) {", "line 1"),
        ("Get-Contents $a", "no command is called Get-Contents"),
        ("'a", "line 1"),
        ("a\n", "line end"),
    ],
)
def test_what_is_none_is_told(wrong: str, told: str) -> None:
    assert told in mistake_in(wrong)


@pytest.mark.parametrize(
    ("system", "name"), [("Windows", "install.ps1"), ("Linux", "install.sh"), ("Darwin", "install.sh")]
)
def test_a_bundle_has_the_installer_of_its_system(system: str, name: str, tmp_path: Path) -> None:
    bundle.put_installer(tmp_path, system)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_commands_that_it_gives_are_there() -> None:
    given = re.findall(r"@\('service', '(\w+)'(?:, '(--\w+)')?", SCRIPT)
    assert {command for command, _ in given} == {"install", "start", "stop", "remove"}
    for command, option in given:
        told = CliRunner().invoke(main, ["service", command, "--help"])
        assert told.exit_code == 0 and option in told.output


def test_files_are_found_as_the_bundle_names_them() -> None:
    assert f"'{bundle.CHECKSUMS}'" in SCRIPT and "'wheels'" in SCRIPT and "'requirements.txt'" in SCRIPT
