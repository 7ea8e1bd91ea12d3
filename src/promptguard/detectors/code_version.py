"""The version of the code and data that decide what is found, by their content: nobody has to raise a number."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_ROOT = Path(__file__).parent


@functools.cache
def code_version() -> str:
    """Changes with any byte of any module and list in `detectors`: some milliseconds, once in a process.

    All of them, because a recognizer, a decoder or a check stands on many others; caches that outlive a process are
    kept under it, and the ruleset version in the record is made of it.
    """
    return content_version(_ROOT)


def content_version(folder: Path) -> str:
    """A hash of the names and contents of all files below a folder, but for what Python compiles."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]
