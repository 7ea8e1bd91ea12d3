"""What the listener of devices reads of a request (PEP 3333)."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

MAX_BODY: Final = 64 * 1024
"""Bytes of a form."""
_FORM: Final = "application/x-www-form-urlencoded"


def form_of(environ: WSGIEnvironment) -> dict[str, str] | None:
    """The fields of a form, each once; None where it is none, or too long."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != _FORM:
        return None
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and int(length) <= MAX_BODY):
        return None
    try:
        fields = parse_qs(environ["wsgi.input"].read(int(length)).decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    # RFC 6749, 3.2: parameters must not be given more than once.
    return {name: values[0] for name, values in fields.items()} if all(len(v) == 1 for v in fields.values()) else None


def cookie_of(environ: WSGIEnvironment, name: str) -> str:
    """A cookie; empty for none."""
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
