"""The configuration that is shipped: safe defaults, and all that is known of AI services."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_IN_PACKAGE: Final = Path(__file__).resolve().parent / "configuration"
_IN_CHECKOUT: Final = Path(__file__).resolve().parents[3] / "config"


def shipped_configuration() -> Path:
    """Its folder: inside the package, or at the top of a checkout. It is not to be changed there."""
    return _IN_PACKAGE if _IN_PACKAGE.exists() else _IN_CHECKOUT


def is_packaged(folder: Path) -> bool:
    """Whether a folder is the shipped configuration inside the package, where nobody is to edit it."""
    return folder.resolve() == _IN_PACKAGE


def files_of(folder: Path) -> Mapping[str, bytes]:
    """The files of a configuration folder by their paths in it, with `/`; hidden ones are none of it.

    Raises:
        OSError: one cannot be read.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {
        name: path.read_bytes()
        for name, path in named.items()
        if not any(part.startswith((".", "__pycache__")) for part in name.split("/"))
    }
