"""Answers of AI services on their way back."""

from __future__ import annotations

from mitmproxy import http

from promptguard.proxy.answer_streams import stream_answer
from promptguard.proxy.exchange import exchange_of
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with


class Answers:
    """Lets answers stream, and puts back in them what was redacted."""

    name = "promptguard_answers"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _pass(self, flow: http.HTTPFlow, _: Exception) -> None:
        """What is lost is only that originals are put back."""
        if flow.response is not None:
            flow.response.stream = True

    @ends_with(_pass)
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        exchange = exchange_of(flow)
        verdict = exchange.verdict if exchange else None
        if flow.response is None or (verdict and verdict.answer) or (exchange and verdict is None):
            return
        if verdict and verdict.header:
            flow.response.headers["x-promptguard"] = verdict.header
        stream_answer(flow, verdict)
