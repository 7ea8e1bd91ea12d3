"""The log is read as SQLite writes it, whichever byte order its checksums have."""

import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from promptguard.storage.sqlite.wal import INDEX_BYTES, Index, checkpoint_of, ends_as_indexed, is_whole, parse_index

HEADER, FRAME = 32, 24


class Log:
    """A log with its index, as SQLite left them, in memory."""

    def __init__(self, path: Path) -> None:
        self.content = bytearray(path.with_name(f"{path.name}-wal").read_bytes())
        self.raw_index = path.with_name(f"{path.name}-shm").read_bytes()[:INDEX_BYTES]

    def read(self, length: int, offset: int) -> bytes:
        return bytes(self.content[offset : offset + length])

    @property
    def index(self) -> Index:
        index = parse_index(self.raw_index)
        assert index is not None
        return index


@pytest.fixture(params=[512, 4096, 65536])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {request.param}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        for number in range(600):
            connection.execute("INSERT INTO t VALUES (?)", (f"{number} " * 20,))
        yield Log(tmp_path / "a.db")


def test_index(log: Log) -> None:
    index = log.index
    assert len(log.content) == HEADER + index.frames * (FRAME + index.page)
    assert (index.copied, index.begun) == (0, 0)
    assert is_whole(log.read, index)
    assert ends_as_indexed(log.read, index)


@pytest.mark.parametrize(
    "content",
    [b"", bytes(INDEX_BYTES), b"\1" * (INDEX_BYTES - 1), b"\1" * 48 + b"\1" * 47 + b"\2" + bytes(INDEX_BYTES)],
    ids=["empty", "not made", "short", "being written"],
)
def test_no_index(content: bytes) -> None:
    assert parse_index(content) is None


@pytest.mark.parametrize("offset", [0, 3, 16, 23])
def test_header_that_is_another(log: Log, offset: int) -> None:
    log.content[offset] ^= 0xF0
    assert not ends_as_indexed(log.read, log.index)
    assert not is_whole(log.read, log.index)


@pytest.mark.parametrize("place", [0, 0.3, 0.99], ids=["first", "middle", "last"])
@pytest.mark.parametrize("offset", [0, 5, 9, 17, FRAME, FRAME + 300], ids=str)
def test_frame_that_is_another(log: Log, place: float, offset: int) -> None:
    index = log.index
    log.content[HEADER + int(index.frames * place) * (FRAME + index.page) + offset] ^= 1
    assert not is_whole(log.read, index)


@pytest.mark.parametrize("lost", [1, FRAME, 400])
def test_log_that_is_cut(log: Log, lost: int) -> None:
    del log.content[-lost - log.index.page :]
    assert not ends_as_indexed(log.read, log.index)
    assert not is_whole(log.read, log.index)


def test_what_does_not_count(log: Log) -> None:
    index = log.index
    log.content += b"x" * 10_000
    assert is_whole(log.read, index)
    log.content.clear()
    empty = index._replace(frames=0)
    assert is_whole(log.read, empty)
    assert ends_as_indexed(log.read, empty)


def test_other_byte_order(log: Log) -> None:
    """As a machine with the other byte order writes it: whichever ours is."""
    header = log.read(HEADER, 0)
    order = "<" if header[3] == 0x83 else ">"
    log.content[3] ^= 1
    first = second = 0

    def follow(content: bytes) -> bytes:
        nonlocal first, second
        for one, other in struct.iter_unpack(f"{order}II", content):
            first = (first + one + second) & 0xFFFFFFFF
            second = (second + other + first) & 0xFFFFFFFF
        return struct.pack(">II", first, second)

    log.content[24:32] = follow(log.read(24, 0))
    length = FRAME + log.index.page
    index = log.index._replace(frames=min(log.index.frames, 12))
    for start in range(HEADER, HEADER + index.frames * length, length):
        log.content[start + 16 : start + 24] = follow(log.read(8, start) + log.read(index.page, start + FRAME))
    index = index._replace(checksum=(first, second))
    assert is_whole(log.read, index)
    log.content[HEADER + FRAME + 100] ^= 1
    assert not is_whole(log.read, index)


def test_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    states = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in (
            "CREATE TABLE t (a)",
            "PRAGMA wal_checkpoint(PASSIVE)",
            "INSERT INTO t VALUES (1)",  # the log begins anew
            "PRAGMA wal_checkpoint(PASSIVE)",
            "INSERT INTO t VALUES (1)",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ):
            connection.execute(statement).fetchall()
            states.append(Log(path))
    assert len({log.index.checkpoint for log in states}) == len({checkpoint_of(log.raw_index) for log in states}) == 6
    assert states[1].index.copied == states[1].index.begun == states[1].index.frames > 0
    assert [log.index.changes for log in states] == [1, 1, 2, 2, 3, 3]


def test_log_of_another_database(log: Log, tmp_path: Path) -> None:
    shutil.copyfile(tmp_path / "a.db", tmp_path / "b.db")
    with closing(sqlite3.connect(tmp_path / "b.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE u (a)")
        log.content = Log(tmp_path / "b.db").content
    assert not ends_as_indexed(log.read, log.index)
