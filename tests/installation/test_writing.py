from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptguard.installation.writing import replace


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    replace(tmp_path / "a" / "b", b"one")
    (tmp_path / "a" / "b").chmod(0o600)
    replace(tmp_path / "a" / "b", b"two")
    assert (tmp_path / "a" / "b").read_bytes() == b"two"
    assert os.name != "posix" or (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_of_one_that_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"one")

    def refuse(self: Path, target: Path) -> None:
        raise OSError("full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="full"):
        replace(tmp_path / "a", b"two")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]
