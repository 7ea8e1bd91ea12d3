"""WebSocket connections to AI services."""

from __future__ import annotations

from functools import partial

from mitmproxy import http

from promptguard.authentication.interface import WRONG, Wrong
from promptguard.errors import ReasonedError
from promptguard.proxy.addons.page_decisions import signal_of
from promptguard.proxy.conversation import Conversation
from promptguard.proxy.exchange import Exchange, exchange_of
from promptguard.proxy.flow_conversion import request_of
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with, why
from promptguard.proxy.identity import identify, note_signed_in, signed_in_of
from promptguard.proxy.names import target_of_request
from promptguard.reasons import Code


class WebSockets:
    """Has what the client says inspected, and what the service says restored."""

    name = "promptguard_websockets"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _drop(self, flow: http.HTTPFlow, error: Exception) -> None:
        """A message of the client's that failed is not sent; one of the service's passes as it is."""
        exchange = exchange_of(flow)
        assert flow.websocket is not None and exchange is not None
        message = flow.websocket.messages[-1]
        if not message.from_client:
            return
        message.drop()
        if exchange.conversation is not None:
            destination = exchange.target.destination
            notices = self._gateway.refusal_messages(flow, destination, message.content, why(error))
            exchange.conversation.refuse(message, notices)

    @ends_with(_drop)
    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        exchange = exchange_of(flow)
        if exchange is None or flow.websocket is None:
            return
        message = flow.websocket.messages[-1]
        # mitmproxy keeps every message of a connection; a long conversation must not pile up in memory.
        flow.websocket.messages[:] = [message]
        if message.injected:
            return
        conversation = exchange.conversation or self._open(flow, exchange)
        if message.from_client:
            await self._look_again(flow, conversation)
            await conversation.from_client(await self._gateway.service.ready(), message)
        else:
            conversation.from_service(message)

    async def _look_again(self, flow: http.HTTPFlow, conversation: Conversation) -> None:
        """Who speaks, and to what, as both are now: a connection may stay open for days.

        Raises:
            ReasonedError: the sign-in has ended, or it cannot be told.
        """
        service = self._gateway.service
        if service.authenticator.asks:
            before = signed_in_of(flow)
            found = await service.authenticator.renewed(before) if before else WRONG
            if isinstance(found, Wrong):
                raise ReasonedError(Code.SIGN_IN_ENDED)
            note_signed_in(flow, found)
        conversation.identity = identify(flow, service.identities, service.pseudonym)
        conversation.target = target_of_request(service.registry, flow) or conversation.target

    def _open(self, flow: http.HTTPFlow, exchange: Exchange) -> Conversation:
        service = self._gateway.service
        identity = exchange.identity or identify(flow, service.identities, service.pseudonym)
        exchange.conversation = Conversation(
            request_of(flow, exchange.target.host),
            exchange.target,
            identity,
            service.guard.observe_messages if service.guard else None,
            self._gateway.shape(flow, exchange.target.destination),
            partial(signal_of, self._gateway, exchange.target.destination, flow.request.headers.get("origin", "")),
        )
        if exchange.verdict is not None:
            self._gateway.open_answers.add(exchange.verdict.scope, exchange.conversation)
        return exchange.conversation
