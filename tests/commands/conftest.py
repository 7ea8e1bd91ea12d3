from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.commands.inputs import CONFIG, Run

from promptguard.cli import main
from promptguard.commands.support import reasons


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


def on(usual: Path, data: Path) -> Run:
    def invoke(command: str, *arguments: str | Path, text: str | bytes = "", config: Path | None = None) -> Result:
        folders = ["--config", str(config or usual), "--data", str(data)]
        return CliRunner().invoke(main, [*command.split(), *folders, *map(str, arguments)], input=text)

    return invoke


@pytest.fixture(autouse=True)
def words_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Detectors take seconds to load: `test_reasons.py` holds that words are searched."""
    monkeypatch.setattr(reasons, "search", lambda config, data, words, seconds: words)


@pytest.fixture
def run(config: Path, data: Path) -> Run:
    """Runs a command on a configuration with few recognizers."""
    return on(config, data)


@pytest.fixture
def shipped(data: Path) -> Run:
    """Runs a command on the configuration that is shipped."""
    return on(CONFIG, data)
