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
