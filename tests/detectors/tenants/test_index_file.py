from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from promptguard.detectors.tenants.index_file import MAGIC, read_index_file, write_index_file
from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes
from promptguard.errors import ConfigError

KEY = bytes(range(32))
SECTIONS = {"small": np.arange(5, dtype=np.uint8), "empty": np.zeros(0, np.uint32), "wide": np.arange(9, dtype="<u8")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    write_index_file(path, KeyedHashes(KEY, bytes(SALT_BYTES)), {"rows": 3}, SECTIONS)
    return path


def test_reads_what_was_written(path: Path) -> None:
    file = read_index_file(path, KEY)
    assert file.description["rows"] == 3
    for name, section in SECTIONS.items():
        assert np.array_equal(file.sections[name], section) and file.sections[name].dtype == section.dtype


def test_is_private_and_leaves_nothing_behind(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda content: b"", "no tenant index"),
        (lambda content: b"x" * len(content), "no tenant index"),
        (lambda content: b"PromptGuard tenants 1\n" + content[len(MAGIC) :], "another version"),
        (lambda content: content[: len(MAGIC) + 9], "ends in its head"),
        (lambda content: content[:-1], "it has [0-9]+ bytes of [0-9]+"),
        (lambda content: content + b"x", "it has [0-9]+ bytes of [0-9]+"),
        (lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:], "is damaged"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "is damaged"),
        (lambda content: content[:70] + bytes([content[70] ^ 1]) + content[71:], "is damaged"),
    ],
)
def test_damage_is_told(path: Path, damage: Callable[[bytes], bytes], problem: str) -> None:
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ConfigError, match=problem):
        read_index_file(path, KEY)


def test_another_key_is_told(path: Path) -> None:
    with pytest.raises(ConfigError, match="another key"):
        read_index_file(path, bytes(32))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_index_file(tmp_path / "none", KEY)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_index_file(tmp_path / "none" / "index", KeyedHashes(KEY, bytes(SALT_BYTES)), {}, SECTIONS)


def test_arrays_in_use_survive_a_new_file(path: Path) -> None:
    before = read_index_file(path, KEY)
    write_index_file(path, KeyedHashes(KEY, bytes(SALT_BYTES)), {"rows": 4}, {"small": np.zeros(5, np.uint8)})
    assert before.sections["small"].tolist() == [0, 1, 2, 3, 4]
    assert read_index_file(path, KEY).sections["small"].tolist() == [0] * 5
