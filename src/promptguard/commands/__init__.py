"""The command line, one file a command or group of commands: `command` in a module of this package is found by itself.

Modules import what takes long (Presidio, spaCy) inside their functions, so that `--help` answers at once.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import click

__all__ = ["load_commands"]


def load_commands() -> Iterator[click.Command]:
    """All commands of this package, in the order of their files' names.

    Raises:
        TypeError: a module has no `command`.
    """
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        if module_info.ispkg:
            continue
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        command = getattr(module, "command", None)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__} has no `command`")
        yield command
