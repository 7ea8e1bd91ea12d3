"""How long connections may be silent, and how many there may be to one service."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from mitmproxy import connection, ctx, http
from mitmproxy.proxy import server_hooks

from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.tunnels import passes_untouched

MAX_SERVER_CONNECTIONS: Final = 100
"""Connections to one address for one client connection, as many as HTTP/2 allows it streams at a time by custom (RFC
9113 6.5.2). mitmproxy stops at five: six parallel requests to a service without HTTP/2 would wait for each other."""

_TIMED_OUT: Final = "timed out"
"""What mitmproxy then says of the connection, see `unreached`."""


class Timeouts:
    """Closes connections that are idle, and is patient with those on which an answer is under way.

    Models think for minutes, and WebSockets and tunnels are silent for hours.
    """

    name = "promptguard_timeouts"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._connecting: WeakKeyDictionary[connection.Server, asyncio.TimerHandle] = WeakKeyDictionary()
        self._awaited: dict[str, asyncio.TimerHandle] = {}

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
    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Begin to count: mitmproxy would wait for as long as the system does, which is minutes."""
        task = asyncio.current_task()
        if task is not None:
            seconds = self._gateway.service.settings.timeouts.connect_s
            later = asyncio.get_running_loop().call_later
            self._connecting[data.server] = later(seconds, partial(task.cancel, _TIMED_OUT))

    @ends_with(_leave)
    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        self._connects_no_more(data)

    @ends_with(_leave)
    def server_connect_error(self, data: server_hooks.ServerConnectionHookData) -> None:
        self._connects_no_more(data)

    def _connects_no_more(self, data: server_hooks.ServerConnectionHookData) -> None:
        if timer := self._connecting.pop(data.server, None):
            timer.cancel()

    @ends_with(_leave)
    def request(self, flow: http.HTTPFlow) -> None:
        if flow.response is None and not flow.request.stream:
            seconds = self._gateway.service.settings.timeouts.answer_s
            self._awaited[flow.id] = asyncio.get_running_loop().call_later(seconds, self._give_up, flow)

    @ends_with(_leave)
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        self._awaits_no_more(flow)

    def _awaits_no_more(self, flow: http.HTTPFlow) -> None:
        if timer := self._awaited.pop(flow.id, None):
            timer.cancel()

    @ends_with(_leave)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        self._begin(flow)

    @ends_with(_leave)
    def response(self, flow: http.HTTPFlow) -> None:
        self._awaits_no_more(flow)
        if flow.websocket is None:
            self._end(flow)

    @ends_with(_leave)
    def websocket_end(self, flow: http.HTTPFlow) -> None:
        self._end(flow)

    @ends_with(_leave)
    def error(self, flow: http.HTTPFlow) -> None:
        self._awaits_no_more(flow)
        self._end(flow)

    def _begin(self, flow: http.HTTPFlow) -> None:
        self._gateway.under_way.begin(flow)
        _handler_of(flow.client_conn).timeout_watchdog.timeout = self._gateway.service.settings.timeouts.stream_s

    def _end(self, flow: http.HTTPFlow) -> None:
        if self._gateway.under_way.end(flow):
            _handler_of(flow.client_conn).timeout_watchdog.timeout = self._gateway.service.settings.timeouts.idle_s

    def _give_up(self, flow: http.HTTPFlow) -> None:
        """End the connection to a service that does not answer. Where others wait on it (HTTP/2), they end, too: a
        service that has been silent for so long is not there."""
        self._awaited.pop(flow.id, None)
        handler = ctx.master.addons.get("proxyserver").connections.get(flow.client_conn.id)
        transport = handler.transports.get(flow.server_conn) if handler else None
        if transport is not None and transport.writer is not None:
            transport.writer.close()


def _handler_of(client: connection.Client) -> Any:
    return ctx.master.addons.get("proxyserver").connections[client.id]
