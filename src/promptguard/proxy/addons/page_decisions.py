"""What the layer in a page asks about a decision: answered here, at the page's own origin, and never forwarded."""

from __future__ import annotations

from urllib.parse import urlsplit

import orjson
from mitmproxy import http

from promptguard.model import Action, Answer, Destination, Verdict
from promptguard.page_layer.decisions import Told, asked_by_layer
from promptguard.page_layer.script import PATH
from promptguard.page_layer.signals import Signal
from promptguard.proxy.exchange import exchange_of
from promptguard.proxy.flow_conversion import answer_with, request_of
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.identity import identify

_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
_NOTHING = Answer(404, _HEADERS, b"{}")


def signal_of(gateway: Gateway, destination: Destination, origin: str, verdict: Verdict) -> Signal | None:
    """What the layer is told of a verdict, which it can ask about from now on; None where there is nothing to tell.

    Any site can send something to a service, by requests and WebSockets: what was found in it is not that site's to
    know. `origin` is the header of the request (RFC 6454), empty where it has none.
    """
    if origin and not is_of_service(gateway, destination, origin):
        return None
    blocked = verdict.answer is not None
    redacted = verdict.decision.action is Action.REDACT and verdict.notice is not None
    if verdict.quiet or not (blocked or redacted) or not gateway.has_layer(destination):
        return None
    id = verdict.event.id
    text = verdict.notice.text.strip() if verdict.notice else ""
    gateway.decisions.keep(Told(id, verdict.scope, text, verdict.redacted_text))
    return Signal(id, blocked, 0 if blocked else _replaced(verdict))


def reminder_of(gateway: Gateway, destination: Destination, origin: str, verdict: Verdict) -> str:
    """The id of a decision by which the layer can ask for a reminder from now on; empty where there is none."""
    if not verdict.remind or verdict.answer is not None or not gateway.has_layer(destination):
        return ""
    if origin and not is_of_service(gateway, destination, origin):
        return ""
    gateway.reminders.keep(Told(verdict.event.id, verdict.scope, ""))
    return verdict.event.id


def is_of_service(gateway: Gateway, destination: Destination, origin: str) -> bool:
    """Whether an origin (RFC 6454) is one of a service's own pages."""
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    found = gateway.service.registry.find_host(host)
    return found is not None and found.id == destination.id


def _replaced(verdict: Verdict) -> int:
    """How many different values were replaced."""
    rulings = zip(verdict.findings, verdict.decision.rulings, strict=False)
    return len({found.fingerprint for found, ruling in rulings if ruling.action is Action.REDACT and ruling.enforced})


class PageDecisions:
    """Answers the layer before anything would be inspected or forwarded."""

    name = "promptguard_page_decisions"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _nothing(self, flow: http.HTTPFlow, _: Exception) -> None:
        answer_with(flow, _NOTHING)

    @ends_with(_nothing)
    async def request(self, flow: http.HTTPFlow) -> None:
        if not flow.request.path.startswith(PATH):
            return
        exchange = exchange_of(flow)
        if exchange is None or flow.response is not None or not self._gateway.has_layer(exchange.target.destination):
            return
        answer_with(flow, await self._answer(flow, exchange.target.host, exchange.target.destination))

    async def _answer(self, flow: http.HTTPFlow, host: str, destination: Destination) -> Answer:
        service = self._gateway.service
        if not asked_by_layer(flow.request.method, request_of(flow, host).headers):
            return _NOTHING
        identity = identify(flow, service.identities, service.pseudonym)
        id, scope = flow.request.path[len(PATH) :], f"{identity.pseudonym}|{destination.id}"
        told = self._gateway.decisions.find(id, scope)
        if told is None and service.guard and self._gateway.reminders.find(id, scope) is not None:
            text = await service.guard.reminder(id, identity, flow.request.headers.get("accept-language", ""))
            told = Told(id, scope, text) if text else None
        if told is None:
            return _NOTHING
        return Answer(200, _HEADERS, orjson.dumps({"id": told.id, "text": told.text, "redacted": told.redacted}))
