import shutil
from pathlib import Path

import pytest
from tests.samples.small_configuration import POLICY, small_configuration

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.folder_contents import folder_version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_configuration(tmp_path / "config")


def test_the_version_is_that_of_the_contents(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert folder_version(copy) == folder_version(folder)
    (copy / "policy.yaml").write_text(POLICY + "# a comment\n")
    assert folder_version(copy) != folder_version(folder)
    assert load_bundle(copy).policy.hash == load_bundle(folder).policy.hash
