"""HTTP/1.1 with trailers (RFC 9112 7.1.2), on which mitmproxy 12 gives up, and with bounds, which it does not have.

Trailers end gRPC's answers, and some clients send a checksum of the body in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

import h11
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy import http
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import (
    HttpEvent,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestTrailers,
    ResponseData,
    ResponseEndOfMessage,
    ResponseTrailers,
)
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Connection, Http1Server, make_error_response

MAX_HEAD: Final = 256 * 1024
"""Bytes of a head, of trailers or of a chunk's first line that has not ended. Services take 8 to 64 KB."""

MAX_AHEAD: Final = 16 * 1024 * 1024
"""Bytes of further requests that a client may send while one is answered."""


class _TrailerReader:
    """Reads a chunked body, and keeps its trailers back, of which mitmproxy must not learn."""

    def __init__(self, reader: ChunkedReader) -> None:
        self._reader = reader
        self.trailers: http.Headers | None = None

    def __call__(self, buffer: ReceiveBuffer) -> Any:
        event = self._reader(buffer)
        if isinstance(event, h11.EndOfMessage) and event.headers:
            self.trailers = http.Headers(event.headers)
            return h11.EndOfMessage()
        return event

    def read_eof(self) -> Any:
        return self._reader.read_eof()


class _Pieces:
    """The chunks of a body that have come at once, handed on as one: each would cost as much as a large one."""

    def __init__(self) -> None:
        self._events: list[RequestData | ResponseData] = []

    def add(self, event: RequestData | ResponseData) -> None:
        self._events.append(event)

    def joined(self) -> Iterator[ReceiveHttp]:
        if self._events:
            event, data = self._events[0], b"".join(each.data for each in self._events)
            self._events.clear()
            yield ReceiveHttp(type(event)(event.stream_id, data))


class _WithTrailers(Http1Connection):
    """What both sides have in common."""

    ReceiveTrailers: type[RequestTrailers | ResponseTrailers]
    _ended = False
    """The body was ended, together with its trailers."""

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from super()._handle_event(event)
        # What is left in the buffer is the beginning of something that is read as a whole.
        if len(self.buf) > MAX_HEAD and (self.state != self.wait or len(self.buf) > MAX_AHEAD):
            self.state, self.buf = self.done, ReceiveBuffer()
            yield from self._refuse()

    def _refuse(self) -> layer.CommandGenerator[None]:
        """End a connection on which something is longer than anybody wants to keep."""
        yield commands.CloseConnection(self.conn)
        if self.stream_id is not None:
            code = self.ReceiveProtocolError.code
            yield ReceiveHttp(self.ReceiveProtocolError(self.stream_id, _TOO_LONG, code=code))

    def read_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(self.body_reader, ChunkedReader):
            self.body_reader = cast(Any, _TrailerReader(self.body_reader))
        reader, pieces = self.body_reader, _Pieces()
        for command in super().read_body(event):
            if isinstance(command, ReceiveHttp) and isinstance(command.event, self.ReceiveData):
                pieces.add(command.event)
                continue
            yield from pieces.joined()
            if (
                isinstance(reader, _TrailerReader)
                and reader.trailers is not None
                and isinstance(command, ReceiveHttp)
                and isinstance(command.event, self.ReceiveEndOfMessage)
            ):
                yield ReceiveHttp(self.ReceiveTrailers(command.event.stream_id, reader.trailers))
            yield command
        yield from pieces.joined()

    def _send_trailers(self, message: http.Message | None, trailers: http.Headers) -> layer.CommandGenerator[None]:
        """End a chunked body with trailers; a message of another framing has no place for any."""
        if message is not None and "chunked" in message.headers.get("transfer-encoding", "").lower():
            self._ended = True
            yield commands.SendData(self.conn, b"0\r\n" + bytes(trailers) + b"\r\n")


_TOO_LONG: Final = "HTTP/1 protocol error: a head, or trailers, without an end"


class TrailersHttp1Server(_WithTrailers, Http1Server):
    """The client's side."""

    ReceiveTrailers = RequestTrailers

    def _refuse(self) -> layer.CommandGenerator[None]:
        if self.request is not None:  # its body is read, or it is answered
            yield from super()._refuse()
            return
        yield commands.SendData(self.conn, make_error_response(431, _TOO_LONG))
        yield commands.CloseConnection(self.conn)

    def send(self, event: HttpEvent) -> layer.CommandGenerator[None]:
        if isinstance(event, ResponseTrailers):
            yield from self._send_trailers(self.response, event.trailers)
        elif isinstance(event, ResponseEndOfMessage) and self._ended:
            self._ended = False
            yield from self.mark_done(response=True)
        else:
            yield from super().send(event)


class TrailersHttp1Client(_WithTrailers, Http1Client):
    """The service's side."""

    ReceiveTrailers = ResponseTrailers

    def send(self, event: HttpEvent) -> layer.CommandGenerator[None]:
        if isinstance(event, RequestTrailers):
            yield from self._send_trailers(self.request, event.trailers)
        elif isinstance(event, RequestEndOfMessage) and self._ended:
            self._ended = False
            yield from self.mark_done(request=True)
        elif isinstance(event, RequestHeaders) and not event.end_stream and event.request.is_http2:
            if "content-length" not in event.request.headers:  # in HTTP/2, bodies end without either
                event.request.headers["transfer-encoding"] = "chunked"
            yield from super().send(event)
        else:
            yield from super().send(event)
