"""WebSocket connections on which the proxy has something of its own to say, in its right place among other messages.

mitmproxy injects messages after those that it has received already, and cannot inject any once a side has closed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers.websocket import Fragmentizer, WebsocketConnection, WebsocketLayer, WebsocketMessageHook
from wsproto.events import Message

from promptguard.proxy.exchange import exchange_of
from promptguard.proxy.layers.websocket_events import MAX_SERVICE_MESSAGE, ControlFrames, InspectedConnection

logger = logging.getLogger(__name__)


class WholeMessages(Fragmentizer):
    """Messages go on in the fragments that they came in, and those that were changed in a single one.

    mitmproxy cuts changed ones by bytes, so that characters of text fall apart and are lost.
    """

    def __call__(self, content: bytes) -> Iterator[Message[Any]]:
        lengths = self.fragment_lengths if self._fits(content) else [len(content)]
        start = 0
        for number, length in enumerate(lengths, 1):
            yield self.msg(content[start : start + length], number == len(lengths))
            start += length

    def _fits(self, content: bytes) -> bool:
        cuts = list(accumulate(self.fragment_lengths))
        if not cuts or cuts[-1] != len(content):
            return False
        return not self.is_text or all(content[cut] & 0xC0 != 0x80 for cut in cuts[:-1] if cut < len(content))


class InspectedWebsocketLayer(WebsocketLayer):
    """Sends the client what is due to it after each hook, and before the service's close."""

    _finished = False

    def start(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from super().start(event)
        exchange = exchange_of(self.flow)
        if exchange is not None:
            control = ControlFrames()
            _bound(self.client_ws, exchange.max_body, control)
            _bound(self.server_ws, MAX_SERVICE_MESSAGE, control)

    _handle_event = start

    def relay_messages(self, event: events.Event) -> layer.CommandGenerator[None]:
        for command in super().relay_messages(event):
            if self._closed_by_service and not self._finished:
                self._finished = True
                self._finish()
                yield from self._say_what_is_due()
            yield command
            if isinstance(command, WebsocketMessageHook):
                yield from self._say_what_is_due()

    @property
    def _closed_by_service(self) -> bool:
        assert self.flow.websocket is not None
        return self.flow.websocket.timestamp_end is not None and self.flow.websocket.closed_by_client is False

    def _finish(self) -> None:
        exchange = exchange_of(self.flow)
        try:
            if exchange and exchange.conversation:
                exchange.conversation.finish()
        except Exception as error:  # what is lost is the end of a text that was held back
            logger.error("The end of a conversation could not be restored (%s).", type(error).__name__)

    def _say_what_is_due(self) -> layer.CommandGenerator[None]:
        exchange = exchange_of(self.flow)
        if exchange is None or exchange.conversation is None:
            return
        due, is_text = exchange.conversation.due()
        if not self.context.client.state & ConnectionState.CAN_WRITE:
            return
        for content in due:
            for fragment in WholeMessages([], is_text)(content):
                yield self.client_ws.send2(fragment)


def _bound(side: WebsocketConnection, max_message: int, control: ControlFrames) -> None:
    if isinstance(side, InspectedConnection):
        side.max_message = max_message
        side.control = control
