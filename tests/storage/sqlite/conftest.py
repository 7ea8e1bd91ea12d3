"""Installations on SQLite alone."""

from tests.audit.conftest import installation, make_event

__all__ = ["installation", "make_event"]
