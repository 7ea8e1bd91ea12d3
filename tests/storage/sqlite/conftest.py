"""Installations and events, as the tests of the record make them."""

from tests.audit.conftest import installation, make_event

__all__ = ["installation", "make_event"]
