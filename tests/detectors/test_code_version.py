from pathlib import Path

import pytest

from promptguard.detectors.code_version import code_version, content_version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "phone.py").write_text("THRESHOLD = 1")
    (tmp_path / "words.txt").write_text("one")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "content"), [("types/phone.py", "THRESHOLD = 2"), ("words.txt", "two"), ("types/new.py", "")]
)
def test_any_change_changes_the_version(folder: Path, file: str, content: str) -> None:
    before = content_version(folder)
    (folder / file).write_text(content)
    assert content_version(folder) != before


def test_a_new_name_changes_the_version(folder: Path) -> None:
    before = content_version(folder)
    (folder / "words.txt").rename(folder / "other.txt")
    assert content_version(folder) != before


def test_what_python_compiles_does_not_count(folder: Path) -> None:
    before = content_version(folder)
    (folder / "phone.pyc").write_bytes(b"x")
    assert content_version(folder) == before


def test_the_code_has_one_version_in_a_process() -> None:
    assert code_version() == code_version() != ""
