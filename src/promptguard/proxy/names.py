"""Which AI service a connection or request is for, by all the names that it calls its target by.

The address connected to, the TLS server name and the Host header may differ. Naming a harmless host in one of them does
not lead around inspection, and naming an approved service does not make another one approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mitmproxy import http
from mitmproxy.net.http.url import parse_authority
from mitmproxy.proxy.mode_specs import ReverseMode

from promptguard.destinations.registry import Registry
from promptguard.model import Destination, Status
from promptguard.proxy.addresses import is_address

_STRICTNESS = {
    status: rank
    for rank, status in enumerate(
        (
            Status.APPROVED,
            Status.APPROVED_WITH_LIMITS,
            Status.UNDER_REVIEW,
            Status.UNREVIEWED,
            Status.PROHIBITED,
            Status.PERSONAL_ACCOUNT,
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
    """Several services are named, or another host beside one: which of them the request would reach is not for us to
    guess."""


def target_of_request(registry: Registry, flow: http.HTTPFlow) -> Target | None:
    """The AI service that a request is for, or None where no name of its target is one's.

    A request to an AI service whose names are not all that service's is ambiguous: servers that stand before several
    hosts go by the Host field and not by the TLS server name. A reverse proxy goes by its configuration.
    """
    names = names_of(flow)
    target = target_of(registry, names)
    if target is None or target.ambiguous or isinstance(flow.client_conn.proxy_mode, ReverseMode):
        return target
    others = [name for name in names if name and registry.find_host(name) is None]
    if others and is_address(flow.request.host):  # looked up by the client: no name of its own
        others = [name for name in others if name != flow.request.host]
    return replace(target, ambiguous=True) if others else target


def names_of(flow: http.HTTPFlow) -> tuple[str | None, ...]:
    """All names by which a request calls its target, that of a request line with a whole URL (RFC 9112, 3.2.2) too."""
    request = flow.request
    fields = map(_host_in, request.headers.get_all("host"))
    return (request.host, flow.client_conn.sni, request.pretty_host, _host_in(request.authority), *fields)


def _host_in(authority: str) -> str:
    try:
        return parse_authority(authority, check=False)[0]
    except ValueError:
        return authority


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
