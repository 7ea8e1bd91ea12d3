"""What is in a configuration folder, and whether it is still the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def files_of(folder: Path) -> list[Path]:
    """All files of the folder, editors' and systems' hidden ones left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def stamps_of(files: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """When each of some files was last changed, in nanoseconds, and how long it is, in bytes."""
    stamps = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue  # it vanished in between, and the next look will find it gone
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps


def folder_version(folder: Path) -> str:
    """SHA-256 over all files of a folder.

    Raises:
        OSError: one of them cannot be read.
    """
    digest = hashlib.sha256()
    for path in files_of(folder):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
