"""Writes files of keys."""

from __future__ import annotations

import os
from pathlib import Path

from promptguard.errors import PromptGuardError


def write_key(file: Path, content: bytes, mode: int) -> None:
    """Write a key into a new file.

    Raises:
        PromptGuardError: the file is there already.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise PromptGuardError(f"{file} is there already: name another file.") from None
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
