"""The command line as a whole: every file of `commands` is a command, and wrong use ends with status 2."""

from __future__ import annotations

import pkgutil

import pytest
from click.testing import CliRunner

from promptguard import commands
from promptguard.cli import main


def test_every_file_of_commands_is_a_command() -> None:
    files = {module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__) if not module.ispkg}
    assert main.commands.keys() == files
    assert {"run", "scan", "audit"} <= files


@pytest.mark.parametrize("arguments", [["nonsense"], ["scan", "--format", "xml"], ["run", "--listen", "8080"]])
def test_wrong_use_ends_with_status_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert f"promptguard {name}" in result.output or f"main {name}" in result.output
