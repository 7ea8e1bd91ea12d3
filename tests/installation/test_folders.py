import os
from pathlib import Path

import platformdirs
import pytest

from promptguard.errors import PromptGuardError
from promptguard.installation import folders
from promptguard.installation.folders import config_folder, data_folder, own_config_folder
from promptguard.installation.shipped import shipped_configuration


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own folders, empty, and a working folder with nothing of ours."""
    for name in ("PROMPTGUARD_CONFIG", "PROMPTGUARD_DATA"):
        monkeypatch.delenv(name, raising=False)
    home, here = tmp_path / "home", tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for kind in ("config", "data"):
        folder = home / kind
        monkeypatch.setattr(platformdirs, f"user_{kind}_path", lambda name, appauthor, folder=folder: folder / name)
    return home


@pytest.mark.parametrize("name", ["policy.yaml", "promptguard.yaml"])
def test_in_a_checkout_they_are_in_the_working_folder(home: Path, name: str) -> None:
    Path("config").mkdir()
    Path("config", name).touch()
    assert (config_folder(), data_folder()) == (Path("config"), Path("data"))


@pytest.mark.skipif(os.name != "posix", reason="asks for owners")
@pytest.mark.parametrize("name", ["config", "data"])
def test_what_another_user_left_here_is_not_taken_unasked(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Path("config").mkdir()
    Path("data").mkdir()
    Path("config", "policy.yaml").touch()
    theirs, stat_of = Path(name).stat().st_ino, Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = stat_of(path)
        return os.stat_result((*found[:4], 4711, *found[5:])) if found.st_ino == theirs else found

    monkeypatch.setattr(Path, "lstat", lstat)
    monkeypatch.delenv("SUDO_UID", raising=False)
    for asked in (config_folder, data_folder):
        with pytest.raises(PromptGuardError, match=f"{name}: this folder is another user's"):
            asked()
    monkeypatch.setenv("SUDO_UID", "4711")
    assert (config_folder(), data_folder()) == (Path("config"), Path("data"))
    monkeypatch.delenv("SUDO_UID")
    monkeypatch.setattr(folders, "shipped_configuration", lambda: Path("config"))
    assert config_folder() == Path("config")


def test_elsewhere_they_are_the_users_and_the_configuration_the_shipped_one_at_first(home: Path) -> None:
    Path("config").mkdir()
    Path("config", "database.yml").touch()
    assert (config_folder(), data_folder()) == (shipped_configuration(), home / "data" / "promptguard")
    own_config_folder().mkdir(parents=True)
    assert config_folder() == own_config_folder() == home / "config" / "promptguard"


def test_what_the_environment_names_goes_before_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config").mkdir()
    Path("config", "policy.yaml").touch()
    monkeypatch.setenv("PROMPTGUARD_CONFIG", "a")
    monkeypatch.setenv("PROMPTGUARD_DATA", "b")
    assert (config_folder(), data_folder(), own_config_folder()) == (Path("a"), Path("b"), Path("a"))
