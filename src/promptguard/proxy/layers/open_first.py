"""Tunnels in which the server may speak first (ssh, SMTP, databases)."""

from __future__ import annotations

from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context


class OpenFirst(layer.Layer):
    """Connects to the server before the client has said anything, so that its greeting can decide what follows."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.child_layer = layer.NextLayer(context)
        self._opened: bool | None = None

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if self._opened is None:
            problem = yield commands.OpenConnection(self.context.server)
            self._opened = not problem
            if problem:
                yield commands.CloseConnection(self.context.client)
        if self._opened:
            yield from self.child_layer.handle_event(event)
