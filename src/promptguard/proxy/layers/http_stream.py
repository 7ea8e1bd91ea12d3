"""One request and its answer, with answers that do not wait for the end of a request.

mitmproxy answers in a service's place once it has received the whole request. A request that never ends, or that is
larger than anybody wants to keep, would have no answer, or one that no client shows.
"""

from __future__ import annotations

import time
from typing import Any, Final

from mitmproxy import flow as mitmproxy_flow
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import DropStream, HttpStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._hooks import HttpErrorHook, HttpRequestHook, HttpResponseHeadersHook
from mitmproxy.proxy.tunnel import LayerStack

from promptguard.proxy.answer_streams import AnswerStream, DocumentStream
from promptguard.proxy.exchange import Cut, exchange_of
from promptguard.proxy.interjections import Interjection
from promptguard.proxy.layers.open_first import OpenFirst
from promptguard.proxy.parents import ParentTunnel
from promptguard.proxy.tunnels import passes_untouched

OPEN_ENDED_SECONDS = 2.0
"""How long a request that may be one half of a conversation is given after its last byte, before it is refused."""

OPEN_ENDED_IN_ALL_SECONDS = 10.0
"""How long it is given in all, as long as it does not send like an upload: signs of life and speech never end."""

UPLOAD_RATE: Final = 64 * 1024
"""Bytes a second from which a request is one that will end: speech has 32,000 at most (16 bits at 16 kHz)."""

MAX_UNREAD: Final = 1024 * 1024
"""Bytes of a request that are kept for which there is an answer already."""


class InspectedHttpStream(HttpStream):
    """Answers early where an exchange says so, and never lets a body past inspection for its length."""

    _opened = 0.0
    _last_data = 0.0

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.Wakeup) and isinstance(event.command, Interjection):
            yield from self._interject()
        elif isinstance(event, events.Wakeup):
            yield from self._look_whether_it_goes_on()
        else:
            yield from super()._handle_event(event)

    def check_killed(self, emit_error_hook: bool) -> layer.CommandGenerator[bool]:
        """Called by mitmproxy after the hooks; after the one on the request's headers, the answer may be there."""
        if (yield from super().check_killed(emit_error_hook)):
            return True
        if self.client_state != self.state_wait_for_request_headers:
            return False
        exchange = exchange_of(self.flow)
        if self.flow.response is not None or (exchange and exchange.cut):
            yield from self._answer_early()
            return True
        if exchange and exchange.may_be_open_ended:
            self._opened = self._last_data = time.monotonic()
            yield commands.RequestWakeup(OPEN_ENDED_SECONDS)
        return False

    def state_consume_request_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, RequestData):
            self._last_data = time.monotonic()
        yield from super().state_consume_request_body(event)

    def check_body_size(self, request: bool) -> layer.CommandGenerator[bool]:
        """A body that is inspected is bounded by its exchange, and never streamed whatever the options say."""
        exchange = exchange_of(self.flow)
        if not request or (exchange is None and self.flow.response is None):
            return (yield from super().check_body_size(request))
        if len(self.request_body_buf) > (exchange.max_body if exchange else MAX_UNREAD):
            if exchange:
                exchange.cut = Cut.TOO_LARGE
            yield from self._answer_early()
        return False

    def handle_protocol_error(
        self, event: RequestProtocolError | ResponseProtocolError
    ) -> layer.CommandGenerator[None]:
        """Called by mitmproxy where either side fails. Addons may answer for a service that is not reached."""
        exchange = exchange_of(self.flow)
        if exchange is None or event.code is not ErrorCode.CONNECT_FAILED:
            yield from super().handle_protocol_error(event)
            return
        exchange.unreached = event.message
        self.flow.error = mitmproxy_flow.Error(event.message)
        yield HttpErrorHook(self.flow)
        if (yield from super().check_killed(False)):
            return
        yield from self._answer_for_unreached(event)
        self.server_state = self.state_errored
        self.flow.live = False
        yield DropStream(self.stream_id)

    def _answer_for_unreached(
        self, event: RequestProtocolError | ResponseProtocolError
    ) -> layer.CommandGenerator[None]:
        response = self.flow.response
        if response is None:
            yield SendHttp(event, self.context.client)
            return
        yield SendHttp(ResponseHeaders(self.stream_id, response, not response.raw_content), self.context.client)
        if response.raw_content:
            yield SendHttp(ResponseData(self.stream_id, response.raw_content), self.context.client)
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def state_stream_response_body(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from super().state_stream_response_body(event)
        stream = self.flow.response.stream if self.flow.response else None
        if isinstance(event, ResponseData) and isinstance(stream, AnswerStream | DocumentStream) and stream.cut:
            yield from self._cut_answer()
            return
        exchange = exchange_of(self.flow)
        if exchange and exchange.interjections and exchange.interjections.may_come:
            yield exchange.interjections.wait()

    def _cut_answer(self) -> layer.CommandGenerator[None]:
        """End an answer in the middle, on both sides."""
        why = "answer cut"
        self.flow.error = mitmproxy_flow.Error(why)
        yield HttpErrorHook(self.flow)
        yield SendHttp(RequestProtocolError(self.stream_id, why, ErrorCode.CANCEL), self.context.server)
        yield SendHttp(ResponseProtocolError(self.stream_id, why, ErrorCode.KILL), self.context.client)
        self.flow.live = False
        self.client_state = self.server_state = self.state_errored

    def _interject(self) -> layer.CommandGenerator[None]:
        """Say what waits, if the answer has not ended meanwhile."""
        exchange = exchange_of(self.flow)
        if exchange is None or exchange.interjections is None or self.server_state != self.state_stream_response_body:
            return
        for piece in exchange.interjections.session.due():
            yield SendHttp(ResponseData(self.stream_id, piece), self.context.client)
        if exchange.interjections.may_come:
            yield exchange.interjections.wait()

    def handle_connect_regular(self) -> layer.CommandGenerator[None]:
        yield from self._connect(super().handle_connect_regular, None)

    def handle_connect_upstream(self) -> layer.CommandGenerator[None]:
        if self.context.server.via is None:  # a host that is reached directly all the same
            yield from self.handle_connect_regular()
        else:
            yield from self._connect(super().handle_connect_upstream, ParentTunnel)

    def _connect(self, usual: Any, proxy: type[ParentTunnel] | None) -> layer.CommandGenerator[None]:
        """Set up a tunnel, in which the server may speak first where it is no AI service's."""
        if not passes_untouched(self.flow):
            yield from usual()
            return
        stack = proxy.make(self.context, True) if proxy else LayerStack()
        stack /= OpenFirst(self.context)
        self.child_layer = stack[0]
        finish: Any = self.handle_connect_finish
        yield from finish()

    def _look_whether_it_goes_on(self) -> layer.CommandGenerator[None]:
        exchange = exchange_of(self.flow)
        if self.client_state != self.state_consume_request_body or exchange is None:
            return  # it has ended meanwhile
        in_all = OPEN_ENDED_IN_ALL_SECONDS + len(self.request_body_buf) / UPLOAD_RATE
        left = min(self._last_data + OPEN_ENDED_SECONDS, self._opened + in_all) - time.monotonic()
        if left > 0.01:
            yield commands.RequestWakeup(left)
        else:
            exchange.cut = Cut.OPEN_ENDED
            yield from self._answer_early()

    def _answer_early(self) -> layer.CommandGenerator[None]:
        """Answer a request that has not ended; what still comes of it is received and let go."""
        self.client_state = self.state_errored  # consumes events in silence
        self.flow.request.data.content = bytes(self.request_body_buf)
        self.request_body_buf.clear()
        yield HttpRequestHook(self.flow)
        if (yield from super().check_killed(True)):
            return
        if self.flow.response is None:  # an addon has taken our answer away: nothing of this goes on
            yield SendHttp(ResponseProtocolError(self.stream_id, "refused", ErrorCode.KILL), self.context.client)
            self.flow.live = False
            return
        if not self.flow.request.is_http2:
            self.flow.response.headers["connection"] = "close"
        self.flow.response.timestamp_start = time.time()
        yield HttpResponseHeadersHook(self.flow)
        yield from self.send_response()
        yield from self.flow_done()
