"""The layer in the pages of web chats: put into documents as they stream by, and told of decisions in answers."""

from __future__ import annotations

from mitmproxy import http

from promptguard.model import Purpose
from promptguard.page_layer import content_security
from promptguard.page_layer.document import HeadInserter, asks_for_document, is_page, tells_charset
from promptguard.page_layer.script import Script, make_script
from promptguard.page_layer.signals import reminder_timing
from promptguard.proxy.addons.page_decisions import reminder_of, signal_of
from promptguard.proxy.answer_streams import DocumentStream, expect_another_body, has_no_body
from promptguard.proxy.exchange import Exchange, exchange_of
from promptguard.proxy.flow_conversion import request_of
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.wire.encodings import decoders_for

_VALIDATORS = ("last-modified", "accept-ranges")
"""With `etag`, what would let a browser or cache take our document for the service's own (RFC 9110, 8.8 and 14.3)."""


class PageLayer:
    """Comes behind those that decide: it changes no decision, and what it cannot do is only not shown."""

    name = "promptguard_page_layer"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _leave(self, *_: object) -> None:
        """What is lost is only the layer."""

    @ends_with(_leave)
    def request(self, flow: http.HTTPFlow) -> None:
        """Tell the layer of a request that was answered in the service's place."""
        exchange = exchange_of(flow)
        if exchange and exchange.verdict and exchange.verdict.answer is not None and flow.response is not None:
            self._tell(flow.request, flow.response, exchange)

    @ends_with(_leave)
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        exchange = exchange_of(flow)
        if flow.response is None or exchange is None or exchange.verdict is None or exchange.verdict.answer is not None:
            return
        self._tell(flow.request, flow.response, exchange)
        if asks_for_document(flow.request.method, flow.request.headers, flow.request.path.partition("?")[0]):
            self._insert(flow, flow.response, exchange)

    def _tell(self, request: http.Request, response: http.Response, exchange: Exchange) -> None:
        if response.status_code == 101 or exchange.verdict is None:
            return
        origin = request.headers.get("origin", "")
        asked = self._gateway, exchange.target.destination, origin, exchange.verdict
        if signal := signal_of(*asked):
            timing = signal.server_timing()
        elif id := reminder_of(*asked):
            timing = reminder_timing(id)
        else:
            return
        response.headers.add("server-timing", timing)
        if origin:
            response.headers.add("timing-allow-origin", origin)  # pages ask their service's other hosts too

    def _insert(self, flow: http.HTTPFlow, response: http.Response, exchange: Exchange) -> None:
        if has_no_body(flow.request, response) or not is_page(response.status_code, response.headers):
            return
        if not self._gateway.has_layer(exchange.target.destination) or self._is_of_account(flow, exchange):
            return
        script = self._script(flow, response.headers)
        if not _let_through(response.headers, script):
            return
        after_charset = not tells_charset(response.headers.get("content-type", ""))
        decoders = decoders_for(response.headers.get("content-encoding", "")) or ()
        inserter = HeadInserter(script.markup, decoders, after_charset=after_charset)
        response.stream = DocumentStream(inserter, response.stream if callable(response.stream) else None)
        expect_another_body(flow.request, response)
        for name in _VALIDATORS:
            response.headers.pop(name, None)

    def _is_of_account(self, flow: http.HTTPFlow, exchange: Exchange) -> bool:
        request = request_of(flow, exchange.target.host)
        route = self._gateway.service.registry.route(exchange.target.destination, request.method, request.path)
        return route is not None and route.purpose is Purpose.ACCOUNT

    def _script(self, flow: http.HTTPFlow, headers: http.Headers) -> Script:
        notices = self._gateway.notices_for(flow)
        policies = [value for name in content_security.HEADERS for value in headers.get_all(name)]
        return make_script(notices.layer_words(), notices.language, ask=content_security.may_ask(policies))


def _let_through(headers: http.Headers, script: Script) -> bool:
    """Extend the policies of a page by the script; False, and nothing changed, where they are not to be extended."""
    changed = {}
    for name in content_security.HEADERS:
        values = content_security.extended(headers.get_all(name), script.source)
        if values is None:
            return False
        changed[name] = values
    for name, values in changed.items():
        if values and values != headers.get_all(name):
            headers.set_all(name, values)
    return True
