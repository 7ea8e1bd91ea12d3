from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_reader, record_place
from promptguard.runtime.state import State, write_state
from promptguard.storage.sqlite.database import open_database

SETTINGS = Settings()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Keys.load_or_create(tmp_path / "keys")
    open_database(tmp_path / "promptguard.db").close()
    return tmp_path


def test_opens_what_is_there(data: Path) -> None:
    with open_reader(SETTINGS, DataFolder(data)) as reader:
        assert reader.verify().ok
        assert list(reader.tail(5)) == []


def test_record_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PromptGuardError, match="no record"), open_reader(SETTINGS, DataFolder(tmp_path)):
        pytest.fail("opened what is not there")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({}, "/data/promptguard.db"),
        ({"database": "postgresql://guard:" + "secret@db.example/guard"}, "postgresql://guard@db.example/guard"),
    ],
)
def test_where_decisions_are_recorded_is_told_without_a_password(settings: dict[str, str], place: str) -> None:
    assert record_place(Settings.model_validate(settings), DataFolder(Path("/data"))) == place


def test_record_that_the_running_proxy_has_on_a_server(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    write_state(folder.state, State(pid=os.getppid(), on_server=True))
    with pytest.raises(PromptGuardError, match="Set PROMPTGUARD_DATABASE"), open_reader(SETTINGS, folder):
        pytest.fail("opened what is not there")


def test_lost_key_is_not_made_anew(data: Path) -> None:
    (data / "keys" / "master.key").unlink()
    with open_reader(SETTINGS, DataFolder(data)) as reader:
        assert list(reader.tail(5)) == []  # a copy of the database alone can be read
        with pytest.raises(ConfigError, match="cannot be read"):
            reader.verify()
    assert not (data / "keys" / "master.key").exists()
