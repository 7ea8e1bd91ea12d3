"""Tells clients of a proxy that is about to end not to come back on the same connection."""

from __future__ import annotations

from mitmproxy import http

from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with


class Farewell:
    """Ends the connections of HTTP/1 with their next answers; those of HTTP/2 end once they are idle."""

    name = "promptguard_farewell"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _leave(self, *_: object) -> None:
        """What is lost is a connection that is closed later."""

    @ends_with(_leave)
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        assert flow.response is not None
        if self._gateway.service.draining and not flow.request.is_http2 and flow.response.status_code != 101:
            flow.response.headers["connection"] = "close"
