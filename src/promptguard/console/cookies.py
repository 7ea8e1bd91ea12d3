"""The console's cookies: kept from scripts and from other sites, and over TLS from other names of the same site.

The prefix `__Host-` makes browsers take a cookie from this very name alone (RFC 6265bis, section 4.1.3).
"""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

SESSION = "promptguard_session"
DEVICE = "promptguard_device"
STARTED = "promptguard_started"
"""A sign-in that was begun, and goes on at the company's sign-on."""


def read(request: Request, name: str, *, secure: bool) -> str:
    """What a cookie holds; empty for none."""
    return request.cookies.get(full_name(name, secure=secure), "")


def put(
    answer: Response,
    name: str,
    held: str,
    *,
    secure: bool,
    seconds: int | None = None,
    site: Literal["lax", "strict"] = "strict",
) -> None:
    """Set a cookie, for as long as the browser is open or for so many seconds.

    Args:
        site: `lax` where it has to come back from a link on another site.
    """
    answer.set_cookie(
        full_name(name, secure=secure), held, path="/", secure=secure, httponly=True, samesite=site, max_age=seconds
    )


def drop(answer: Response, name: str, *, secure: bool) -> None:
    """Take a cookie back."""
    answer.delete_cookie(full_name(name, secure=secure), path="/", secure=secure, httponly=True, samesite="strict")


def full_name(name: str, *, secure: bool) -> str:
    """What a cookie is called there."""
    return f"__Host-{name}" if secure else name
