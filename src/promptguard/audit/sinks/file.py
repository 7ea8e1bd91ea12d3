"""A file of JSON objects, a line each, which a collector (Filebeat, Fluent Bit, Vector, Splunk's own) reads on."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from promptguard.audit.forms import load_forms
from promptguard.audit.privacy import OutgoingRecord
from promptguard.audit.sinks.interface import NO_HASH, Sink, SinkFailed, SinkSettings

# How much of a file's end is read to find its last line: the longest record is far below.
_MAX_LINE = 4 * 2**20


# A record's own hash, as all forms in JSON have it once.
_RECORD_HASH = re.compile(rb'"hash":"([0-9a-f]{64})"')


class FileSinkSettings(SinkSettings):
    """A file of JSON objects."""

    kind: Literal["file"] = Field(description="`file`: a file of JSON Lines, for a collector to read.")
    path: Path = Field(description="The file; a relative path starts at the data folder.")
    rotate_mb: float = Field(
        default=100,
        gt=0,
        le=102400,
        description="At how many megabytes (2^20 bytes) the file is renamed to end in `.1`, and a new one begun.",
    )
    keep: int = Field(default=10, ge=0, le=10000, description="How many renamed files are kept; older are deleted.")
    form: Literal["jsonl", "ocsf", "ecs"] = Field(
        default="jsonl",
        description=(
            "What lines consist of: `jsonl` is the whole record, `ocsf` an OCSF Data Security Finding, `ecs` the "
            "Elastic Common Schema."
        ),
    )


class FileSink(Sink[FileSinkSettings]):
    """Appends a line a record, flushed to the disk. What it has taken stands in the file, so none comes twice."""

    settings = FileSinkSettings

    def __init__(self, settings: FileSinkSettings, data: Path) -> None:
        super().__init__(settings, data)
        self.path = data / settings.path
        self._form = load_forms()[settings.form]

    def resume(self) -> str:
        try:
            self._drop_torn_line()
            return _last(self.path) or _last(self._rotated(1))
        except OSError as error:
            raise self._failed(error) from None

    def deliver(self, records: Sequence[OutgoingRecord]) -> str:
        content = "".join(self._form.line(record) + self._form.line_end for record in records).encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._rotate(len(content))
            _append(self.path, content)
        except OSError as error:
            raise self._failed(error) from None
        return f"written to {self.path}"

    def close(self) -> None:
        """Nothing is open between deliveries, so that whoever moves the file away gets all of it."""

    def _rotate(self, coming: int) -> None:
        size = self.path.stat().st_size if self.path.exists() else 0
        if not size or size + coming <= self._settings.rotate_mb * 2**20:
            return
        keep = self._settings.keep
        self._rotated(keep).unlink(missing_ok=True)
        for number in range(keep - 1, 0, -1):
            if (path := self._rotated(number)).exists():
                path.replace(self._rotated(number + 1))
        if keep:
            self.path.replace(self._rotated(1))
        else:
            self.path.unlink(missing_ok=True)

    def _rotated(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def _drop_torn_line(self) -> None:
        """Take away the beginning of a line that a crash has left at the end."""
        tail, start = _tail(self.path)
        if tail and not tail.endswith(b"\n"):
            os.truncate(self.path, start + tail.rfind(b"\n") + 1)

    def _failed(self, error: OSError) -> SinkFailed:
        return SinkFailed(f"{self.path}: {error.strerror}", "See that the user who runs PromptGuard may write there.")


def _append(path: Path, content: bytes) -> None:
    """All of it, flushed to the disk, or nothing of it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        before = file.tell() if file.seekable() else 0
        try:
            written = 0
            while written < len(content):
                written += file.write(content[written:]) or 0
            os.fsync(descriptor)
        except OSError:
            file.truncate(before)
            raise


def _tail(path: Path) -> tuple[bytes, int]:
    """The end of a file, and where it begins; nothing of a file that is not there."""
    try:
        with path.open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - _MAX_LINE)
            file.seek(start)
            return file.read(), start
    except FileNotFoundError:
        return b"", 0


def _last(path: Path) -> str:
    """The hash of the last record in a file, in whatever form, test events aside; empty where there is none."""
    tail, _ = _tail(path)
    for line in reversed(tail.splitlines()):
        hashes = [found.decode() for found in _RECORD_HASH.findall(line)]
        if hashes != [NO_HASH]:
            return hashes[0] if len(hashes) == 1 else ""
    return ""
