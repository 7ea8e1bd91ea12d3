import os
import stat
from pathlib import Path

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.head_file import HeadFile, HeadFiles
from promptguard.audit.interface import Entry, Head

KEY = bytes(range(32))


@pytest.fixture
def head() -> Head:
    return Chain(KEY).extend(None, [Entry("pg-1", "2026", "allow", b"{}")])[1]


def test_no_file(tmp_path: Path) -> None:
    assert HeadFile(tmp_path / "audit.head", Chain(KEY)).read() is None


def test_what_was_put_in_is_read(tmp_path: Path, head: Head) -> None:
    file = HeadFile(tmp_path / "audit.head", Chain(KEY))
    file.replace(head)
    file.replace(head)
    assert file.read() == head
    assert [entry.name for entry in tmp_path.iterdir()] == ["audit.head"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_file_is_private(tmp_path: Path, head: Head) -> None:
    HeadFile(tmp_path / "audit.head", Chain(KEY)).replace(head)
    assert stat.S_IMODE((tmp_path / "audit.head").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"sequence":1,"hash":"zz","mac":""}', b'{"sequence":null,"hash":"","mac":""}'],
)
def test_damaged_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "audit.head").write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        HeadFile(tmp_path / "audit.head", Chain(KEY)).read()


def test_file_of_another_key(tmp_path: Path, head: Head) -> None:
    HeadFile(tmp_path / "audit.head", Chain(KEY)).replace(head)
    with pytest.raises(ValueError, match="key"):
        HeadFile(tmp_path / "audit.head", Chain(bytes(32))).read()


def test_failed_replacement_leaves_the_file(tmp_path: Path, head: Head) -> None:
    (tmp_path / "audit.head").mkdir()
    with pytest.raises(OSError):
        HeadFile(tmp_path / "audit.head", Chain(KEY)).replace(head)
    assert [entry.name for entry in tmp_path.iterdir()] == ["audit.head"]


def test_one_file_for_each_chain(tmp_path: Path) -> None:
    files = HeadFiles(tmp_path, KEY)
    assert files.chains() == []
    for chain in ("2", "1", "laptop-7"):
        files.of(chain).replace(Chain(KEY, chain).extend(None, [Entry("pg-1", "2026", "allow", b"{}")])[1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit.2.head", "audit.head", "audit.laptop-7.head"]
    assert files.chains() == ["1", "2", "laptop-7"]
    (tmp_path / "audit.A B.head").touch()
    (tmp_path / "audit.1.2.head.old").touch()
    assert files.chains() == ["1", "2", "laptop-7"]


def test_file_of_another_chain(tmp_path: Path, head: Head) -> None:
    files = HeadFiles(tmp_path, KEY)
    files.of("2").replace(head)
    with pytest.raises(ValueError, match="key"):
        files.of("2").read()
