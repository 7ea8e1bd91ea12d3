from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from promptguard.storage.file_lock import FileLock

HOLDER = """
import sys
from pathlib import Path
from promptguard.storage.file_lock import FileLock
lock = FileLock.take(Path(sys.argv[1]))
print("taken" if lock else "refused", flush=True)
sys.stdin.read()
"""


def test_one_holder(tmp_path: Path) -> None:
    lock = FileLock.take(tmp_path / "lock")
    assert lock is not None
    assert FileLock.take(tmp_path / "lock") is None
    other = FileLock.take(tmp_path / "other")
    assert other is not None
    lock.release()
    lock.release()
    again = FileLock.take(tmp_path / "lock")
    assert again is not None
    again.release()
    other.release()


def test_another_process_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        assert FileLock.take(tmp_path / "lock") is None
        holder.kill()
        holder.wait()
    lock = FileLock.take(tmp_path / "lock")
    assert lock is not None
    lock.release()


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        FileLock.take(tmp_path)
