"""Whatever ends the process, or the machine, what was written is read again, or is told to be torn; never wrongly."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from promptguard.storage.spool.file import SpoolFile, SpoolFull

KEY = bytes(range(32))
CONTENTS = [b"first", b"", b"third" * 50]


def opened(path: Path, *, key: bytes = KEY, max_bytes: int = 10_000, now: float = 1000.0) -> SpoolFile:
    return SpoolFile(path, key, max_bytes=max_bytes, max_age=60.0, clock=lambda: now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "spool" / "a.records"
    file = opened(path)
    for number, content in enumerate(CONTENTS):
        file.append(content, number + 1, durable=number == 1)
    file.sync()
    file.close()
    return path


def read(file: SpoolFile) -> list[bytes]:
    return [frame.content for frame in file.read()]


def test_what_was_written_is_read_again(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(content in path.read_bytes() for content in CONTENTS if content)
    file = opened(path)
    assert read(file) == CONTENTS
    assert (file.records, file.since, file.size) == (6, 1000.0, path.stat().st_size)
    file.append(b"more", 1, durable=True)
    first = next(file.read())
    assert [frame.content for frame in file.read(first.end, 1)] == [*CONTENTS[1:], b"more"]
    file.clear()
    assert (read(file), file.records, file.since, path.exists()) == ([], 0, 0.0, False)
    file.append(b"anew", 1, durable=True)
    assert read(opened(path)) == [b"anew"]


@pytest.mark.parametrize("left", [0, 1, 10, 19, 20, 60, 285])
def test_a_torn_end_is_cut_off_and_kept(path: Path, left: int) -> None:
    """The machine lost power while the last frame was written."""
    whole = path.read_bytes()
    start = len(whole) - 20 - 250 - 16
    path.write_bytes(whole[: start + left])
    file = opened(path)
    assert read(file) == CONTENTS[:2]
    kept = [each.read_bytes() for each in path.parent.glob("*.torn-*")]
    assert kept == ([whole[start : start + left]] if left else [])
    file.append(b"more", 1, durable=True)
    assert read(opened(path)) == [*CONTENTS[:2], b"more"]


@pytest.mark.parametrize("change", ["zeros", "swapped", "doubled"])
def test_nothing_that_was_changed_is_read(path: Path, change: str) -> None:
    whole, start = path.read_bytes(), opened(path).start
    first, second = whole[start : start + 41], whole[start + 41 : start + 77]
    rest = whole[start + 77 :]
    changed = {"zeros": bytes(41) + second, "swapped": second + first, "doubled": first + first + second}[change]
    path.write_bytes(whole[:start] + changed + rest)
    assert read(opened(path)) == (CONTENTS[:1] if change == "doubled" else [])


def test_another_key(path: Path) -> None:
    with pytest.raises(ValueError, match="another key"):
        opened(path, key=bytes(32))


def test_bounds_of_bytes_and_age(path: Path) -> None:
    size = path.stat().st_size
    file = opened(path, max_bytes=size + 20 + 16 + 3)
    with pytest.raises(SpoolFull):
        file.append(b"four", 1, durable=True)
    file.append(b"two", 1, durable=True)
    assert file.fill == 1.0
    assert read(file) == [*CONTENTS, b"two"]
    old = opened(path, now=1060.5)
    assert old.fill == 1.0
    with pytest.raises(SpoolFull):
        old.append(b"", 1, durable=True)


def test_one_that_was_being_removed_is_gone(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(bytes(len(whole)))
    assert read(opened(path)) == []
    assert not path.exists()
