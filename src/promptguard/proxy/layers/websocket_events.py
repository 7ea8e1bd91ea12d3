"""One side of a WebSocket connection, with bounds on what it may say and nothing said in control frames."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any, Final

from mitmproxy.proxy.layers.websocket import WebsocketConnection
from wsproto.events import CloseConnection, Event, Message, Ping, Pong
from wsproto.frame_protocol import CloseReason

MAX_PINGS: Final = 64
"""Pings of each side that are remembered until their pong."""

MAX_SERVICE_MESSAGE: Final = 64 * 1024 * 1024
"""Bytes of one message of the service; no client takes longer ones."""

FRAGMENT_COST: Final = 1024
"""Bytes that a fragment counts besides its own: keeping an empty one takes memory too, and reading it 10 to 20 us."""

MAX_AT_ONCE: Final = 256
"""Events that are handled before others on the event loop have their turn; 64 KB hold 10,000 frames of a byte."""


class ControlFrames:
    """Lets pings and pongs pass without what the client has put into them, which nobody inspects.

    A client knows its pong by the payload of its ping (RFC 6455 5.5.3): each is given back to it, and the service sees
    a number.
    """

    def __init__(self) -> None:
        self._number = 0
        self._of_client: OrderedDict[bytes, bytes] = OrderedDict()
        self._of_service: deque[bytes] = deque(maxlen=MAX_PINGS)

    def from_client(self, event: Event) -> Event:
        """What the service is told."""
        match event:
            case Ping():
                self._number += 1
                number = b"%d" % self._number
                self._of_client[number] = bytes(event.payload)
                if len(self._of_client) > MAX_PINGS:
                    self._of_client.popitem(last=False)
                return Ping(number)
            case Pong():
                return event if bytes(event.payload) in self._of_service else Pong(b"")
            case CloseConnection():
                return CloseConnection(event.code)
        return event

    def from_service(self, event: Event) -> Event:
        """What the client is told."""
        match event:
            case Ping():
                self._of_service.append(bytes(event.payload))
            case Pong():
                return Pong(self._of_client.pop(bytes(event.payload), bytes(event.payload)))
        return event


class InspectedConnection(WebsocketConnection):
    """A side of a connection that closes where one message is longer than anybody wants to keep.

    A message is compressed to a thousandth at best, so that a few hundred kilobytes could fill the memory.
    """

    max_message: int | None = None
    """Bytes of one message, after decompression; None for no bound."""
    control: ControlFrames | None = None
    """None lets control frames pass as they are."""
    has_more = False
    """Whether `events`, called again, may have more of what was received."""
    _length = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._pieces: list[Any] = []
        super().__init__(*arguments, **named)

    def events(self) -> Generator[Event, None, None]:
        """What was received, up to `MAX_AT_ONCE`."""
        self.has_more = False
        for number, event in enumerate(super().events(), 1):
            if not isinstance(event, Message):
                yield self._passing(event)
            elif self._is_too_long(event):
                yield CloseConnection(CloseReason.MESSAGE_TOO_BIG)
                return
            else:
                yield from self._frame(event)
            if number == MAX_AT_ONCE:
                self.has_more = True
                return

    def _is_too_long(self, event: Message[Any]) -> bool:
        self._length += len(event.data) + FRAGMENT_COST * event.frame_finished
        if self.max_message is None or self._length <= self.max_message:
            return False
        self._pieces.clear()
        return True

    def _frame(self, event: Message[Any]) -> Iterator[Event]:
        """Hand a frame over in one: put together piece by piece, a long one would be copied each time."""
        self._pieces.append(event.data)
        if event.message_finished:
            self._length = 0
        if event.message_finished or event.frame_finished:
            data = event.data[:0].join(self._pieces)
            self._pieces.clear()
            yield replace(event, data=data)

    def _passing(self, event: Event) -> Event:
        if self.control is None:
            return event
        return self.control.from_service(event) if self.client else self.control.from_client(event)
