"""A secret that settings name and do not hold: in a file, or in the environment."""

from __future__ import annotations

import os
from pathlib import Path


def read_secret(variable: str | None, file: Path | None) -> str:
    """What an environment variable holds, else a file, without the spaces around it; empty where there is nothing."""
    if variable is not None:
        return os.environ.get(variable, "").strip()
    if file is None:
        return ""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
