"""Reads logs from files, folders and pipes, compressed or not, a line at a time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, Final, cast

from promptguard.errors import PromptGuardError
from promptguard.rollout.bypass.logs import DatabaseFormat, LineFormat, database_formats, line_formats
from promptguard.rollout.bypass.observations import Observation
from promptguard.rollout.bypass.tally import Tally

MAX_LINE: Final = 64 * 1024
"""Bytes of a line; longer ones are damaged, and skipped."""

_GZIP: Final = b"\x1f\x8b"
"""RFC 1952 2.3.1."""
_SQLITE: Final = b"SQLite format 3\0"
"""https://www.sqlite.org/fileformat.html"""


@dataclass(slots=True)
class LogRead:
    """How the reading of one log went."""

    name: str
    formats: list[str] = field(default_factory=list)
    """Titles of those that it is in."""
    lines: int = 0
    """Without empty ones; of a database, its rows."""
    damaged: int = 0
    """Lines of a known format that could not be read."""
    other: int = 0
    """Lines of no known format."""
    problem: str = ""
    """What ended the reading early; empty where nothing has."""


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and those in folders and below them, in the order of their names.

    Raises:
        PromptGuardError: there is no such file or folder, or nothing in it.
    """
    for path in paths:
        if not path.exists():
            raise PromptGuardError(f"{path}: there is no such file or folder. Name a log, or a folder of logs.")
        if not path.is_dir():
            yield path
            continue
        found = sorted(each for each in path.rglob("*") if each.is_file())
        if not found:
            raise PromptGuardError(f"{path}: there is no file in this folder. Name a log, or a folder of logs.")
        yield from found


def read_file(path: Path, tally: Tally) -> LogRead:
    """Hand what a file says to a tally.

    Raises:
        OSError: it cannot be opened.
    """
    read = LogRead(str(path))
    with path.open("rb") as file:
        if file.peek(len(_SQLITE))[: len(_SQLITE)] != _SQLITE:
            _read_stream(file, read, tally)
            return read
    database = next((made for kind in database_formats() if (made := kind()).owns(path)), None)
    if database is None:
        read.problem = "it is a database, and none of Pi-hole"
    else:
        _read_database(path, database, read, tally)
    return read


def read_stream(pipe: BinaryIO, name: str, tally: Tally) -> LogRead:
    """Hand what a pipe says to a tally."""
    read = LogRead(name)
    stream = cast("BufferedReader", BufferedReader(cast("RawIOBase", pipe)))
    if stream.peek(len(_SQLITE))[: len(_SQLITE)] == _SQLITE:
        read.problem = "a database cannot be read from a pipe: name its file"
        return read
    _read_stream(stream, read, tally)
    return read


def _read_database(path: Path, database: DatabaseFormat, read: LogRead, tally: Tally) -> None:
    read.formats.append(database.title)
    try:
        for seen in database.read(path):
            read.lines += 1
            try:
                if seen is not None:
                    tally.take(seen)
            except ValueError:
                read.damaged += 1
    except ValueError as error:
        read.problem = str(error)


def _read_stream(stream: BufferedReader, read: LogRead, tally: Tally) -> None:
    packed = stream.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
    readers = [kind() for kind in line_formats()]
    try:
        _read_lines(cast("BufferedReader", gzip.GzipFile(fileobj=stream)) if packed else stream, readers, read, tally)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        read.problem = f"its compression is damaged after {read.lines} lines ({error})"
    for reader in readers:
        _take(reader.end(), tally)


def _read_lines(stream: BufferedReader, readers: list[LineFormat], read: LogRead, tally: Tally) -> None:
    for line in _lines(stream, read):
        read.lines += 1
        reader = _take_line(line, readers, read, tally)
        if reader is None:
            continue
        if reader is not readers[0]:  # most lines are in the format of the line before
            readers.remove(reader)
            readers.insert(0, reader)
        if reader.title not in read.formats:
            read.formats.append(reader.title)


def _take_line(line: str, readers: list[LineFormat], read: LogRead, tally: Tally) -> LineFormat | None:
    """The reader that a line is for; None for none, and for a damaged line."""
    damaged = False
    for reader in readers:
        try:
            seen = reader.read(line)
            if seen is not None:
                _take(seen, tally)
                return reader
        except (ValueError, TypeError, AttributeError):  # a field of another kind than the format has
            damaged = True
    read.damaged += damaged
    read.other += not damaged
    return None


def _take(seen: Iterable[Observation], tally: Tally) -> None:
    for each in seen:
        tally.take(each)


def _lines(stream: BufferedReader, read: LogRead) -> Iterator[str]:
    """Lines without their ends; damaged UTF-8 becomes a sign for that."""
    while raw := stream.readline(MAX_LINE):
        if not raw.endswith(b"\n") and len(raw) >= MAX_LINE:
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            read.lines += 1
            read.damaged += 1
        elif line := raw.decode("utf-8", "replace").rstrip("\r\n"):
            yield line
