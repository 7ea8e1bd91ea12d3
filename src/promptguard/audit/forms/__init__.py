"""Recorded decisions for other programs, one file a form: a `Form` in a module of this package is found by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from promptguard.audit.forms.interface import Form
from promptguard.audit.privacy import PrivacyFilter
from promptguard.discovery import classes_in, modules_of

__all__ = ["Form", "load_forms", "written"]


def load_forms() -> Mapping[str, Form]:
    """All forms of this package by their ids."""
    forms = [form() for module in modules_of(sys.modules[__name__]) for form in classes_in(module, Form)]
    return {form.id: form for form in forms}


def written(records: Iterable[Mapping[str, Any]], form: Form, may_leave: PrivacyFilter | None = None) -> Iterator[str]:
    """Records as lines of a form, heading first, each with its line end.

    Args:
        may_leave: what goes out of them; by default all that ever may.
    """
    may_leave = may_leave or PrivacyFilter()
    if heading := form.heading():
        yield heading + form.line_end
    for record in records:
        yield form.line(may_leave(record)) + form.line_end
