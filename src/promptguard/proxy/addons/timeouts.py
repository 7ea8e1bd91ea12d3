"""How long connections may be silent, and how many there may be to one service."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import Any, Final

from mitmproxy import connection, ctx, http

from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.tunnels import passes_untouched

MAX_SERVER_CONNECTIONS: Final = 100
"""Connections to one address for one client connection, as many as HTTP/2 allows it streams at a time by custom (RFC
9113 6.5.2). mitmproxy stops at five: six parallel requests to a service without HTTP/2 would wait for each other."""


class Timeouts:
    """Closes connections that are idle, and is patient with those on which an answer is under way.

    Models think for minutes, and WebSockets and tunnels are silent for hours.
    """

    name = "promptguard_timeouts"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _leave(self, *_: object) -> None:
        """What is lost is only patience."""

    @ends_with(_leave)
    def client_connected(self, client: connection.Client) -> None:
        handler = _handler_of(client)
        handler.max_conns = defaultdict(partial(asyncio.Semaphore, MAX_SERVER_CONNECTIONS))

    @ends_with(_leave)
    def http_connected(self, flow: http.HTTPFlow) -> None:
        if passes_untouched(flow):
            self._begin(flow)  # and it ends with the connection: what happens within is not ours to see

    @ends_with(_leave)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        self._begin(flow)

    @ends_with(_leave)
    def response(self, flow: http.HTTPFlow) -> None:
        if flow.websocket is None:
            self._end(flow)

    @ends_with(_leave)
    def websocket_end(self, flow: http.HTTPFlow) -> None:
        self._end(flow)

    @ends_with(_leave)
    def error(self, flow: http.HTTPFlow) -> None:
        self._end(flow)

    def _begin(self, flow: http.HTTPFlow) -> None:
        self._gateway.under_way.begin(flow)
        _handler_of(flow.client_conn).timeout_watchdog.timeout = self._gateway.service.settings.timeouts.stream_s

    def _end(self, flow: http.HTTPFlow) -> None:
        if self._gateway.under_way.end(flow):
            _handler_of(flow.client_conn).timeout_watchdog.timeout = self._gateway.service.settings.timeouts.idle_s


def _handler_of(client: connection.Client) -> Any:
    return ctx.master.addons.get("proxyserver").connections[client.id]
