"""WebSocket connections on which the proxy has something of its own to say, in its right place among other messages.

mitmproxy injects messages after those that it has received already, and cannot inject any once a side has closed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from mitmproxy import http
from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.websocket import Fragmentizer, WebsocketConnection, WebsocketLayer, WebsocketMessageHook
from wsproto.events import Message

from promptguard.proxy.exchange import exchange_of
from promptguard.proxy.layers.websocket_events import MAX_SERVICE_MESSAGE, ControlFrames, InspectedConnection

logger = logging.getLogger(__name__)

MAX_FRAGMENTS: Final = 64
"""Fragments that a message keeps; where it came in more, small ones go on together (RFC 6455 5.4)."""

MERGED_BYTES: Final = 16 * 1024
"""What fragments that go on together come to at least."""

EVENT_COST: Final = 256
"""Bytes that something received counts besides its own, while it waits."""


@dataclass
class WebsocketTurnHook(commands.StartHook):
    """Nobody's hook: others on the event loop have their turn, before the rest of what came at once is handled."""

    flow: http.HTTPFlow


class WholeMessages(Fragmentizer):
    """Messages go on in the fragments that they came in, and those that were changed in a single one.

    mitmproxy cuts changed ones by bytes, so that characters of text fall apart and are lost.
    """

    def __call__(self, content: bytes) -> Iterator[Message[Any]]:
        if len(self.fragment_lengths) > MAX_FRAGMENTS:
            self.fragment_lengths = _merged(self.fragment_lengths)
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


def _merged(lengths: list[int]) -> list[int]:
    merged = [0]
    for length in lengths:
        if merged[-1] >= MERGED_BYTES:
            merged.append(0)
        merged[-1] += length
    return merged


class InspectedWebsocketLayer(WebsocketLayer):
    """Sends the client what is due to it after each hook, and before the service's close."""

    _finished = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: Counter[Connection] = Counter()
        """Bytes of each side that wait while something before them is inspected."""

    def handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        """A side that sends more than anybody wants to keep, while it has to wait, is cut off."""
        if self._paused and isinstance(event, events.DataReceived):
            waiting = self._waiting[event.connection]
            if waiting > self._max_waiting(event.connection):
                return
            self._waiting[event.connection] = waiting = waiting + len(event.data) + EVENT_COST
            if waiting > self._max_waiting(event.connection):
                yield from self._cut_off(event.connection)
                return
        yield from super().handle_event(event)

    def _max_waiting(self, side: Connection) -> int:
        exchange = exchange_of(self.flow)
        return exchange.max_body if exchange and side == self.context.client else MAX_SERVICE_MESSAGE

    def _cut_off(self, side: Connection) -> layer.CommandGenerator[None]:
        logger.warning("A WebSocket was closed: more came on it than can be kept until it is inspected.")
        self._paused_event_queue.clear()
        yield from super().handle_event(events.ConnectionClosed(side))

    def start(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from super().start(event)
        exchange = exchange_of(self.flow)
        if exchange is not None:
            control = ControlFrames()
            _bound(self.client_ws, exchange.max_body, control)
            _bound(self.server_ws, MAX_SERVICE_MESSAGE, control)

    _handle_event = start

    def relay_messages(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.DataReceived):
            self._waiting[event.connection] = max(0, self._waiting[event.connection] - len(event.data) - EVENT_COST)
        yield from self._relay(event)
        while self.flow.live and (side := next((each for each in self._sides if each.has_more), None)):
            yield WebsocketTurnHook(self.flow)
            yield from self._relay(events.DataReceived(side.conn, b""))

    @property
    def _sides(self) -> list[InspectedConnection]:
        return [side for side in (self.client_ws, self.server_ws) if isinstance(side, InspectedConnection)]

    def _relay(self, event: events.Event) -> layer.CommandGenerator[None]:
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
