"""Decisions as a Parquet file, written by a process of its own.

pyarrow's libraries take more memory than the console, and would stay for as long as that runs. Rows go to the process
in frames (`workers.frames`); what it writes of each group of rows comes back behind its length: 8 bytes, big-endian.
"""

from __future__ import annotations

import importlib.util
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import batched
from typing import IO, Any, Final

from promptguard.audit.parquet import GROUP_ROWS, NoParquet
from promptguard.audit.privacy import PrivacyFilter
from promptguard.errors import PromptGuardError
from promptguard.workers.frames import frame
from promptguard.workers.process import command_of

LENGTH_BYTES: Final = 8
TOGETHER: Final = 3
"""So many files are written at a time; who asks for another one waits: each process takes 100 MB and more."""

FRAME_ROWS: Final = GROUP_ROWS // 10
"""A group of rows is made of so many at a time, so that it is in the memory of that process alone."""

_places = threading.BoundedSemaphore(TOGETHER)
_MODULE: Final = "promptguard.console.parquet_process"


def parquet_export(records: Iterable[Mapping[str, Any]], may_leave: PrivacyFilter) -> Iterator[bytes]:
    """Records as one Parquet file, in pieces.

    Raises:
        NoParquet: pyarrow is not installed; before anything is written.
        PromptGuardError: the process that writes the file has ended, in the middle of it.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise NoParquet
    return _written(records, may_leave)


def _written(records: Iterable[Mapping[str, Any]], may_leave: PrivacyFilter) -> Iterator[bytes]:
    with _places:
        yield from _written_by_a_process(records, may_leave)


def _written_by_a_process(records: Iterable[Mapping[str, Any]], may_leave: PrivacyFilter) -> Iterator[bytes]:
    process = subprocess.Popen(
        command_of(_MODULE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        sent = 0
        for several in batched(records, FRAME_ROWS):
            process.stdin.write(frame([may_leave(record) for record in several]))
            process.stdin.flush()
            sent += len(several)
            if sent % GROUP_ROWS == 0:  # the last, shorter group is written at the end of the input
                yield _piece(process.stdout)
        process.stdin.close()
        while piece := _piece(process.stdout):
            yield piece
        if process.wait() != 0:
            raise _ended()
    except OSError:
        raise _ended() from None
    finally:  # also where whoever takes the file goes away
        process.kill()
        with suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        process.wait()


def _piece(stream: IO[bytes]) -> bytes:
    """What was written next; empty at the end of the output."""
    length = int.from_bytes(stream.read(LENGTH_BYTES), "big")
    piece = stream.read(length)
    if len(piece) < length:
        raise _ended()
    return piece


def _ended() -> PromptGuardError:
    return PromptGuardError("The process that writes Parquet files has ended.")
