from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.configuration.settings import Settings
from promptguard.errors import StorageError
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.review_database import open_reviewing


def test_it_is_a_file_of_the_data_folder(tmp_path: Path) -> None:
    with closing(open_reviewing(Settings(), DataFolder(tmp_path))) as database:
        assert (database.place, database.installation) == (tmp_path / "review.db", "")


def test_it_is_where_the_record_is_that_several_machines_share(
    tmp_path: Path, postgresql_server: PostgreSQLServer
) -> None:
    folder = DataFolder(tmp_path)
    Keys.load_or_create(folder.keys)
    settings = Settings.model_validate({"database": postgresql_server.empty()})
    with closing(open_reviewing(settings, folder)) as database:
        assert str(database.place).startswith("postgresql://")
        assert database.installation == folder.installation.read_text().strip()
    assert not folder.review.exists()


def test_the_driver_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    settings = Settings.model_validate({"database": "postgresql://promptguard@database.example/promptguard"})
    with pytest.raises(StorageError, match=r"promptguard\[postgresql\]"):
        open_reviewing(settings, DataFolder(tmp_path))
