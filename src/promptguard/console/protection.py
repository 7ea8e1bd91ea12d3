"""What holds for every request to the console, before any page sees it, and for every answer."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
"""Bytes of a form."""
MAX_STALL_SECONDS = 60.0
"""How long an answer waits for a client that does not read on; then it ends there."""

HEADERS = {
    # Scripts and styles are files of ours alone. No other page may frame, open or read these.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with `no-referrer`, forms would be sent with `Origin: null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    "cache-control": "no-store",
}

_CHANGES = frozenset({"POST"})


class Protection:
    """Refuses what no page of the console sends.

    - A `Host` that is none of the console's: a name that somebody else makes lead here (DNS rebinding).
    - A form from another site (CSRF): by `Sec-Fetch-Site` and `Origin`, beside the token in each form.
    - A body longer than any form.
    """

    def __init__(self, application: ASGIApp, hosts: frozenset[str], secure_hosts: frozenset[str]) -> None:
        self._application = application
        self._hosts = hosts
        self._secure_hosts = secure_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        headers = Headers(scope=scope)
        secure = headers.get("host", "").lower() in self._secure_hosts

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), secure=secure)
            async with asyncio.timeout(MAX_STALL_SECONDS):
                await send(message)

        if refusal := self._refusal(str(scope["method"]), headers):
            await refusal(scope, receive, protected)
        else:
            await self._application(_without_nul(scope), _bounded(receive), protected)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            return PlainTextResponse(
                "PromptGuard's console is not reached under this name. Add it to console.hosts in promptguard.yaml.\n",
                421,
            )
        if method not in _CHANGES:
            return None
        # Where it speaks no TLS itself, a proxy that does may stand before it.
        own = {f"https://{host}"} if host in self._secure_hosts else {f"http://{host}", f"https://{host}"}
        site = headers.get("sec-fetch-site", "same-origin")
        if site not in ("same-origin", "none") or headers.get("origin", f"https://{host}").lower() not in own:
            return PlainTextResponse("This form was sent by another site.\n", 403)
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return PlainTextResponse("This is longer than any form of the console.\n", 413)
        return None


def _protect(headers: MutableHeaders, *, secure: bool) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if secure:
        headers["strict-transport-security"] = "max-age=31536000"


def _without_nul(scope: Scope) -> Scope:
    """Without the character that not every database takes; nobody who looks for something sends it."""
    return {
        **scope,
        "path": scope["path"].replace("\0", ""),
        "query_string": scope["query_string"].replace(b"%00", b""),
    }


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:  # longer than it said
            return {"type": "http.disconnect"}
        return message

    return bounded
