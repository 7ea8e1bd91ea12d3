from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main

CONFIG = Path(__file__).parents[2] / "config"

type Run = Callable[..., Result]


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration with few recognizers, which are compiled quickly."""
    folder = tmp_path_factory.mktemp("config")
    shutil.copytree(CONFIG, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("recognizers"))
    (folder / "recognizers").mkdir()
    shutil.copy(CONFIG / "recognizers" / "network.yaml", folder / "recognizers")
    return folder


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def run(config: Path, data: Path) -> Run:
    """Runs a command (`documents add`) with arguments, on that configuration."""

    def invoke(command: str, *arguments: str | Path, text: str = "") -> Result:
        folders = ["--config", str(config), "--data", str(data)]
        return CliRunner().invoke(main, [*command.split(), *folders, *map(str, arguments)], input=text)

    return invoke
