"""Requests to AI services: inspected, recorded, and only then forwarded."""

from __future__ import annotations

import asyncio

from mitmproxy import http

from promptguard import process_memory
from promptguard.errors import Unavailable
from promptguard.model import Answer, Verdict
from promptguard.proxy.addons.page_decisions import is_of_service
from promptguard.proxy.exchange import Cut, Exchange, exchange_of, open_exchange
from promptguard.proxy.fallback_answers import too_large_problem, unavailable_answer
from promptguard.proxy.flow_conversion import answer_with, forward, request_of
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with, why
from promptguard.proxy.identity import identify
from promptguard.proxy.names import Target, target_of_request
from promptguard.reasons import Code, Reason

_AMBIGUOUS = Reason(Code.ROUTING_AMBIGUOUS)
_OPEN_ENDED_PROBLEM = Reason(Code.BODY_OPEN_ENDED)

_OPEN_ENDED = ("application/grpc", "application/connect+")
"""Media types of requests that may stay open while they are answered, by their beginnings."""

_CONVERSATIONS = ("/agent.v1.AgentService/Run",)
"""Ends of the paths of calls that never end while they are answered: they are refused at once, so that their client
falls back to its other way. Cursor's agent has one over HTTP/1.1, with server-sent events."""

_LARGE = 4 * 1024 * 1024
"""Bytes of a body whose memory is given back after it: it was received in pieces, which leave pages scattered."""
_GIVE_BACK = (1.0, 5.0, 30.0)
"""Seconds after the last large one."""

RECEIVED_FACTOR = 4
"""A body beyond the configured limit is received, so that policy can let it through uninspected, up to this many times
the limit. Beyond that it is refused without being received, so that memory stays bounded."""


def _readable_by(origin: str) -> dict[str, str]:
    """Let a page read what answers it in place of another host of its service (CORS, WHATWG Fetch). Else it would learn
    of a refusal as of a network that failed."""
    return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true", "vary": "origin"}


class Requests:
    """Hands requests to the guard, and does what its verdict says."""

    name = "promptguard_requests"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._timers: list[asyncio.TimerHandle] = []

    def _lose(self, flow: http.HTTPFlow, _: Exception) -> None:
        answer_with(flow, unavailable_answer(Reason(Code.ROUTING_FAILED)))

    @ends_with(_lose)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Tell requests to AI services from others, which stream past."""
        target = target_of_request(self._gateway.service.registry, flow)
        if target is not None:
            flow.request.stream = False  # whatever other addons and options ask for, it is inspected as a whole
            open_exchange(flow, self._exchange(flow.request, target))
        elif flow.response is None:
            flow.request.stream = True
            self._gateway.see((flow.request.pretty_host,))

    def _exchange(self, request: http.Request, target: Target) -> Exchange:
        length = request.headers.get("content-length", "")
        media_type = request.headers.get("content-type", "").strip().lower()
        exchange = Exchange(
            target,
            max_body=self._gateway.service.settings.body_limit_bytes * RECEIVED_FACTOR,
            may_be_open_ended=not length and media_type.startswith(_OPEN_ENDED),
        )
        if exchange.may_be_open_ended and request.is_http2 and request.path.endswith(_CONVERSATIONS):
            exchange.cut = Cut.OPEN_ENDED
        elif length.isdecimal() and int(length) > exchange.max_body:
            exchange.cut = Cut.TOO_LARGE
        return exchange

    def _refuse(self, flow: http.HTTPFlow, error: Exception) -> None:
        exchange = exchange_of(flow)
        assert exchange is not None
        self._answer(flow, exchange, self._gateway.refusal(flow, exchange.target.destination, why(error)))

    def _answer(self, flow: http.HTTPFlow, exchange: Exchange, answer: Answer) -> None:
        """Answer in the service's place, where who asked looks for it."""
        if exchange.identity is not None and flow.request.method == "POST":
            scope = f"{exchange.identity.pseudonym}|{exchange.target.destination.id}"
            url = f"//{exchange.target.host}{flow.request.path}"
            answer = self._gateway.open_answers.answered(scope, url, answer)
        answer_with(flow, answer)
        origin = flow.request.headers.get("origin", "")
        if flow.response is not None and origin and is_of_service(self._gateway, exchange.target.destination, origin):
            flow.response.headers.update(_readable_by(origin))

    @ends_with(_refuse)
    async def request(self, flow: http.HTTPFlow) -> None:
        exchange = exchange_of(flow)
        if exchange is None and flow.is_replay == "request":  # it comes without requestheaders, so nothing inspects it
            answer_with(flow, unavailable_answer(Reason(Code.ROUTING_FAILED)))
        if exchange is None or flow.response is not None:
            return
        try:
            verdict = await self._inspect(flow, exchange)
        except asyncio.CancelledError:
            self._refuse(flow, Unavailable(Code.STOPPING))
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return
        if verdict.answer is not None:
            self._answer(flow, exchange, verdict.answer)
        elif (exchange.target.ambiguous or exchange.cut) and (problem := self._problem(exchange, 0)):
            # A policy that lets through what is not inspected does not mean this.
            self._answer(flow, exchange, self._gateway.refusal(flow, exchange.target.destination, problem))
        else:
            self._gateway.open_answers.tell(verdict)
            forward(flow, verdict)
        exchange.verdict = verdict
        if len(flow.request.raw_content or b"") > _LARGE:
            self._give_back_soon()

    def _leave(self, *_: object) -> None:
        """What is lost is only our words for it."""

    @ends_with(_leave)
    def error(self, flow: http.HTTPFlow) -> None:
        """Say that a service could not be reached, and why."""
        exchange = exchange_of(flow)
        if exchange and exchange.unreached and flow.response is None:
            answer_with(flow, self._gateway.unreachable(flow, exchange))

    def _give_back_soon(self) -> None:
        """Give back the memory of a large body once it is gone: soon where it was refused, later where it goes on."""
        for timer in self._timers:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers = [
            loop.call_later(seconds, lambda: loop.run_in_executor(None, process_memory.give_back))
            for seconds in _GIVE_BACK
        ]

    async def _inspect(self, flow: http.HTTPFlow, exchange: Exchange) -> Verdict:
        service = self._gateway.service
        guard = await service.ready()
        target = exchange.target
        exchange.identity = identify(flow, service.identities, service.pseudonym)
        request = request_of(flow, target.host)
        problem = self._problem(exchange, len(request.body))
        if problem is None and flow.request.raw_content is None:
            problem = _OPEN_ENDED_PROBLEM  # it has streamed past, by whatever other addon
        return await guard.inspect(request, exchange.identity, target.destination, problem=problem)

    def _problem(self, exchange: Exchange, length: int) -> Reason | None:
        """Why a request cannot be inspected, whatever is in it."""
        if exchange.target.ambiguous:
            return _AMBIGUOUS
        if exchange.cut is Cut.OPEN_ENDED:
            return _OPEN_ENDED_PROBLEM
        limit = self._gateway.service.settings.body_limit_bytes
        return too_large_problem(limit) if exchange.cut or length > limit else None
