from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from tests.commands.conftest import on

from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend


def test_made_checked_and_put_back(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTGUARD_BACKUP_PASSPHRASE", "correct horse" + " battery")
    file, keys, data = tmp_path / "backup.tar", tmp_path / "keys.backup", tmp_path / "data"
    open_backend(Settings(), DataFolder(data), Keys.load_or_create(data / "keys")).close()
    made = on(config, data)("backup create", "--to", file, "--with-keys", keys)
    assert made.exit_code == 0, made.output
    again = on(config, data)("backup create", "--to", file)
    assert again.exit_code == 2
    assert "is there already" in again.output
    living = on(config, data)("backup restore", file, "--keys", keys)
    assert living.exit_code == 2
    assert "is not empty" in living.output
    back = on(config, tmp_path / "new")("backup restore", file, "--keys", keys)
    assert back.exit_code == 0, back.output
    assert "is put back as of" in back.output and "was left as it is" in back.output
    assert "put it back from a backup" in on(config, tmp_path / "new")("audit verify").output


def test_check(config: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from promptguard.cli import main

    data, file = tmp_path / "data", tmp_path / "backup.tar"
    open_backend(Settings(), DataFolder(data), Keys.load_or_create(data / "keys")).close()
    assert "It has no keys in it" in on(config, data)("backup create", "--to", file).output
    assert "is whole" in CliRunner().invoke(main, ["backup", "check", str(file)]).output
    told = orjson.loads(CliRunner().invoke(main, ["backup", "check", str(file), "--format", "json"]).output)
    assert "database.db" in told["files"]
    file.write_bytes(b"no backup")
    assert CliRunner().invoke(main, ["backup", "check", str(file)]).exit_code == 2
