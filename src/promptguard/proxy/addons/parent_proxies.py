"""Leads each request through the further proxy that the configuration names for its host, with the user for it."""

from __future__ import annotations

from base64 import b64encode
from weakref import WeakSet

from mitmproxy import connection, http
from mitmproxy.proxy.mode_specs import UpstreamMode

from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.parents import specification
from promptguard.reasons import Code, Reason

_CREDENTIALS = "proxy-authorization"


class ParentProxies:
    """Has effect in mitmproxy's upstream mode, which the proxy runs in as soon as there is a further proxy."""

    name = "promptguard_parent_proxies"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._tunnels: WeakSet[connection.Client] = WeakSet()

    def _close(self, flow: http.HTTPFlow, _: Exception) -> None:
        flow.response = http.Response.make(403, self._gateway.said(Reason(Code.TARGET_UNCHECKED)))

    @ends_with(_close)
    def http_connect(self, flow: http.HTTPFlow) -> None:
        if self._leads(flow) and flow.response is None:  # else it is refused, and the next request is in no tunnel
            self._tunnels.add(flow.client_conn)
            flow.server_conn.via = specification(self._gateway.parents.of(flow.request.host))

    @ends_with(_close)
    def http_connect_upstream(self, flow: http.HTTPFlow) -> None:
        """Called for the CONNECT request that a further proxy is sent."""
        if self._gateway.parents.first:
            self._sign_in(flow)

    @ends_with(_close)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        if not self._leads(flow):
            return
        if flow.client_conn in self._tunnels:
            flow.request.headers.pop(_CREDENTIALS, None)  # within a tunnel it would reach the service
            return
        flow.server_conn.via = specification(self._gateway.parents.of(flow.request.host))
        if flow.server_conn.via is None:
            flow.request.headers.pop(_CREDENTIALS, None)
            flow.request.authority = ""  # origin-form (RFC 9112 3.2.1), as for any server
        else:
            self._sign_in(flow)

    def _leads(self, flow: http.HTTPFlow) -> bool:
        """Whether it is the configuration that says which proxies there are, and not mitmproxy's own options."""
        return self._gateway.parents.first is not None and isinstance(flow.client_conn.proxy_mode, UpstreamMode)

    def _sign_in(self, flow: http.HTTPFlow) -> None:
        address = flow.server_conn.via[1] if flow.server_conn.via else flow.server_conn.address
        if credentials := self._gateway.parents.credentials_at(address):
            flow.request.headers[_CREDENTIALS] = "Basic " + b64encode(credentials.encode()).decode()
