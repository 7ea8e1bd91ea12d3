from pathlib import Path

import pytest

from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError
from promptguard.keys import MASTER_FILE
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import open_keys


@pytest.mark.parametrize("left", ["promptguard.db", "keys/audit.head", "keys/audit.2.head"])
def test_keys_are_made_once(tmp_path: Path, left: str) -> None:
    folder = DataFolder(tmp_path)
    first = open_keys(folder, Settings())
    (tmp_path / left).write_bytes(b"written with the key")
    assert open_keys(folder, Settings()).audit == first.audit
    (folder.keys / MASTER_FILE).unlink()
    with pytest.raises(ConfigError, match="gone"):
        open_keys(folder, Settings())
