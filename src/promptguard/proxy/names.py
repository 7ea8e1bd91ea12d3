"""Which AI service a connection or request is for, by all the names that it calls its target by.

The address connected to, the TLS server name and the Host header may differ. Naming a harmless host in one of them does
not lead around inspection, and naming an approved service does not make another one approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mitmproxy import http
from mitmproxy.net.http.url import parse_authority

from promptguard.destinations.registry import Registry
from promptguard.model import Destination, Status

_STRICTNESS = {
    status: rank
    for rank, status in enumerate(
        (
            Status.APPROVED,
            Status.APPROVED_WITH_LIMITS,
            Status.UNDER_REVIEW,
            Status.UNREVIEWED,
            Status.PROHIBITED,
        )
    )
}


@dataclass(frozen=True, slots=True)
class Target:
    """The AI service that a request is judged as."""

    destination: Destination
    """The one that the company has approved least, of all that are named."""
    host: str
    """The name of it that was found."""
    ambiguous: bool = False
    """Several services are named: which of them the request would reach is not for us to guess."""


def names_of(flow: http.HTTPFlow) -> tuple[str | None, ...]:
    """All names by which a request calls its target, that of a request line with a whole URL (RFC 9112, 3.2.2) too."""
    try:
        authority, _ = parse_authority(flow.request.authority, check=False)
    except ValueError:
        authority = flow.request.authority
    return (flow.request.host, flow.client_conn.sni, flow.request.pretty_host, authority)


def target_of(registry: Registry, names: Iterable[str | None]) -> Target | None:
    """The AI service among names, or None where none of them is one."""
    found: dict[str, Target] = {}
    for name in names:
        if name and (destination := registry.find_host(name)):
            found.setdefault(destination.id, Target(destination, name))
    if not found:
        return None
    strictest = max(found.values(), key=lambda target: _STRICTNESS[target.destination.status])
    return Target(strictest.destination, strictest.host, ambiguous=len(found) > 1)
