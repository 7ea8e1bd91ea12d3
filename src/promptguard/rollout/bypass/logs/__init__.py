"""Logs of firewalls and DNS servers, one file a format: those in modules of this package are found by themselves."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from promptguard.discovery import classes_in, modules_of
from promptguard.rollout.bypass.logs.interface import DatabaseFormat, LineFormat

__all__ = ["DatabaseFormat", "LineFormat", "database_formats", "line_formats"]


def line_formats() -> Sequence[type[LineFormat]]:
    """All formats that are read by line."""
    return [kind for module in modules_of(sys.modules[__name__]) for kind in classes_in(module, LineFormat)]


def database_formats() -> Sequence[type[DatabaseFormat]]:
    """All formats that are databases."""
    return [kind for module in modules_of(sys.modules[__name__]) for kind in classes_in(module, DatabaseFormat)]
