"""Answers of AI services on their way back."""

from __future__ import annotations

from mitmproxy import http

from promptguard.destinations.sightings import Sign
from promptguard.model import Action, Verdict
from promptguard.proxy.answer_streams import Observation, restores, stream_answer
from promptguard.proxy.exchange import Exchange, exchange_of
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.interjections import Interjections
from promptguard.redaction.stream_restorer import StreamRestorer
from promptguard.wire.event_sessions import EventSession


class Answers:
    """Lets answers stream, puts back in them what was redacted, and has the guard learn from them."""

    name = "promptguard_answers"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _pass(self, flow: http.HTTPFlow, _: Exception) -> None:
        """What is lost is only that originals are put back."""
        if flow.response is not None:
            flow.response.stream = True

    @ends_with(_pass)
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        if flow.response is None:
            return
        exchange = exchange_of(flow)
        if exchange is None:
            stream_answer(flow, None)
            return
        verdict = exchange.verdict
        if verdict is None or verdict.answer is not None:
            return  # our own answer
        # It invites clients to HTTP/3 (RFC 7838), which passes this proxy by.
        flow.response.headers.pop("alt-svc", None)
        if verdict.header:
            flow.response.headers["x-promptguard"] = verdict.header
        exchange.observation = self._stream(flow, exchange, verdict)

    def _stream(self, flow: http.HTTPFlow, exchange: Exchange, verdict: Verdict) -> Observation | None:
        guard = self._gateway.service.guard
        if guard is None:
            return stream_answer(flow, verdict)

        def observe(content_type: str, content_encoding: str, body: bytes) -> None:
            guard.observe(verdict, content_type=content_type, content_encoding=content_encoding, body=body)

        def keep_open(restorer: StreamRestorer, session: EventSession) -> None:
            exchange.interjections = Interjections(flow, verdict.scope, session)
            self._gateway.open_answers.add(verdict.scope, restorer)
            self._gateway.open_answers.add_session(exchange.interjections)

        framing = guard.formats[verdict.event.format].framing
        observation = stream_answer(
            flow,
            verdict,
            url=f"//{exchange.target.host}{flow.request.path}",
            framing_id=framing,
            observe=observe if verdict.observed else None,
            keep_open=keep_open,
        )
        if verdict.event.action == Action.REDACT and not restores(flow):
            host = verdict.event.host
            self._gateway.service.sightings.note(Sign.UNRESTORED, host, destination=verdict.event.destination)
        return observation

    def _forget(self, *_: object) -> None:
        """What is lost is only what could have been learned."""

    @ends_with(_forget)
    def response(self, flow: http.HTTPFlow) -> None:
        """The answer is complete."""
        exchange = exchange_of(flow)
        if exchange and exchange.interjections:
            exchange.interjections.end()

    @ends_with(_forget)
    def error(self, flow: http.HTTPFlow) -> None:
        """The client has left in the middle of an answer, or the service: what came is learned from."""
        exchange = exchange_of(flow)
        if exchange and exchange.interjections:
            exchange.interjections.end()
        if exchange and exchange.observation:
            exchange.observation.end()
