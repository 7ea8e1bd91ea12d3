"""Recorded decisions for other programs, one file a form: a `Form` in a module of this package is found by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from promptguard.audit.forms.interface import Form, PlainRecord
from promptguard.discovery import classes_in, modules_of

__all__ = ["Form", "load_forms", "written"]


def load_forms() -> Mapping[str, Form]:
    """All forms of this package by their ids."""
    forms = [form() for module in modules_of(sys.modules[__name__]) for form in classes_in(module, Form)]
    return {form.id: form for form in forms}


def written(records: Iterable[PlainRecord], form: Form) -> Iterator[str]:
    """Records as lines of a form, heading first, each with its line end."""
    if heading := form.heading():
        yield heading + form.line_end
    for record in records:
        yield form.line(record) + form.line_end
