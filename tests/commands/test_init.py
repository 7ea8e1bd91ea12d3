from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.configuration.bundle import load_bundle
from promptguard.installation.shipped import files_of, shipped_configuration


@pytest.mark.parametrize("named", [True, False])
def test_it_writes_out_what_is_shipped_and_that_is_a_configuration(tmp_path: Path, named: bool) -> None:
    folder = tmp_path / "mine"
    environment = {"PROMPTGUARD_CONFIG": None if named else str(folder)}
    result = CliRunner().invoke(main, ["init", *([str(folder)] if named else [])], env=environment)
    assert result.exit_code == 0, result.output
    assert files_of(folder) == files_of(shipped_configuration())
    assert load_bundle(folder).folder == folder
    again = CliRunner().invoke(main, ["init", str(folder)])
    assert again.exit_code == 2 and "stays as it is" in again.stderr


@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ("balanced", ""),
        ("trial", "It is on trial"),
        ("policy-a", "No service is approved yet"),
        ("policy-b", "not set up yet: promptguard controls --config "),
        ("policy-c", "Only 2 services are approved, and"),
    ],
)
def test_it_says_what_is_to_be_done_next(tmp_path: Path, preset: str, told: str) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "mine"), "--preset", preset])
    assert told in result.output if told else len(result.output.splitlines()) == 2, result.output
