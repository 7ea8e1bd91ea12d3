"""What is said where a service could not be reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from promptguard.model import Answer
from promptguard.reasons import Code, Reason

_KILLED: Final = "Connection killed: "
"""Before what an addon says of a connection that it forbids (`mitmproxy.proxy.server`): ours say a sentence."""

_CAUSES: Final = (
    ("certificate verify failed", Code.SERVICE_CERTIFICATE),
    ("tls", Code.SERVICE_TLS),
    ("ssl", Code.SERVICE_TLS),
    ("timed out", Code.SERVICE_TIMEOUT),
    ("timeout", Code.SERVICE_TIMEOUT),
    ("[errno 110]", Code.SERVICE_TIMEOUT),
    ("name or service not known", Code.TARGET_UNRESOLVED),
)
"""By what mitmproxy says of it, in lower case, of which nothing is repeated: it names addresses and libraries."""


def cause_of(error: str) -> Reason | str:
    """Why a connection could not be made, from what mitmproxy says of it; a sentence of our own stays as it is."""
    if error.startswith(_KILLED):
        return error.removeprefix(_KILLED)
    lowered = error.lower()
    code = next((code for words, code in _CAUSES if words in lowered), Code.SERVICE_UNCONNECTED)
    return Reason(code)


def as_bad_gateway(answer: Answer) -> Answer:
    """A notice as what it is in this case: status 502, which clients may well try again (RFC 9110 15.6.3)."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-should-retry"}
    return replace(answer, status=502, headers=headers, trailers={})
