import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from promptguard.storage.sqlite.held_file import HeldFile

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks are not lost there")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"0123456789")
    return tmp_path / "a"


@pytest.mark.parametrize(
    ("length", "offset", "expected"), [(4, 0, b"0123"), (4, 8, b"89"), (4, 20, b""), (10, 0, b"0123456789")]
)
def test_read(path: Path, length: int, offset: int, expected: bytes) -> None:
    file = HeldFile(path)
    assert file.read(length, offset) == expected
    assert file.size == 10
    file.close()
    file.close()
    with pytest.raises(OSError, match=os.strerror(9)):
        file.read(1, 0)


def test_one_descriptor_until_the_last_is_closed(path: Path) -> None:
    one, other = HeldFile(path), HeldFile(str(path))
    one.close()
    one.close()
    assert other.read(1, 0) == b"0"
    other.close()


TRY = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


def is_locked(path: Path) -> bool:
    return bool(subprocess.run([sys.executable, "-c", TRY, str(path)], stderr=subprocess.DEVNULL).returncode)


def test_locks_stay_until_the_last_is_closed(path: Path) -> None:
    with path.open("r+b") as stream:
        fcntl.lockf(stream, fcntl.LOCK_EX)
        one, other = HeldFile(path), HeldFile(path)
        one.close()
        assert is_locked(path)
        other.close()
        assert not is_locked(path), "which is why a database's file is closed after the database"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        HeldFile(tmp_path / "none")
