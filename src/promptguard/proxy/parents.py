"""The further proxies that connections go through, and which of them are made to one."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakSet

from mitmproxy.connection import Server
from mitmproxy.net.server_spec import ServerSpec
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http._upstream_proxy import HttpUpstreamProxy

from promptguard.configuration.parent_proxy import ParentProxy, parse_parent_proxy
from promptguard.configuration.parent_routes import DIRECT, ParentRoute
from promptguard.destinations.hosts import normalised

_made: WeakSet[Server] = WeakSet()


class ParentTunnel(HttpUpstreamProxy):
    """mitmproxy's layer for a connection through another proxy, which notes that it is one to a proxy. To tell it by
    the address would let clients connect to the proxy itself, past what is checked of other targets."""

    def __init__(self, ctx: Context, tunnel_conn: Server, send_connect: bool) -> None:
        super().__init__(ctx, tunnel_conn, send_connect)
        _made.add(tunnel_conn)


def leads_to_parent(server: Server) -> bool:
    """Whether a connection is one to a further proxy that the configuration names."""
    return server in _made


class Parents:
    """Which proxy leads to which host.

    Args:
        usual: the proxy for all other hosts; None for none.
    """

    def __init__(self, usual: ParentProxy | None = None, routes: Sequence[ParentRoute] = ()) -> None:
        self._usual = usual
        self._routes = [(route, None if route.proxy == DIRECT else parse_parent_proxy(route.proxy)) for route in routes]
        named = [usual, *(proxy for _, proxy in self._routes)]
        self._all = [proxy for proxy in named if proxy is not None]

    @property
    def first(self) -> ParentProxy | None:
        """One of them, if there are any."""
        return self._all[0] if self._all else None

    def of(self, host: str) -> ParentProxy | None:
        """The proxy that leads to a host; None where it is connected to directly."""
        name = normalised(host)
        return next((proxy for route, proxy in self._routes if route.covers(name)), self._usual)

    def credentials_at(self, address: tuple[str, int] | None) -> str:
        """User and password for the proxy at an address; empty for none."""
        return next((each.credentials for each in self._all if address and (each.host, each.port) == address[:2]), "")


def specification(proxy: ParentProxy | None) -> ServerSpec | None:
    """As mitmproxy's connections have it."""
    return None if proxy is None else (proxy.scheme, (proxy.host, proxy.port))  # type: ignore[return-value]
