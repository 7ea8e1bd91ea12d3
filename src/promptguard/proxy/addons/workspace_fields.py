"""Header fields by which providers let in the company's own workspaces alone."""

from __future__ import annotations

from mitmproxy import http

from promptguard.proxy.exchange import exchange_of
from promptguard.proxy.fallback_answers import unavailable_answer
from promptguard.proxy.flow_conversion import answer_with
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.identity import identify
from promptguard.proxy.names import names_of
from promptguard.reasons import Code, Reason


class WorkspaceFields:
    """Sets them, last of all, on what goes on to a provider. What the client says in their place is not sent."""

    name = "promptguard_workspace_fields"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _close(self, flow: http.HTTPFlow, _: Exception) -> None:
        """Without the field, any account would do."""
        answer_with(flow, unavailable_answer(Reason(Code.ROUTING_FAILED)))

    @ends_with(_close)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Where people sign in, nothing is inspected: the head goes on at once."""
        if exchange_of(flow) is None and flow.response is None:
            self._set(flow)

    @ends_with(_close)
    def request(self, flow: http.HTTPFlow) -> None:
        exchange = exchange_of(flow)
        if exchange is not None and flow.response is None:
            self._set(flow)

    def _pass(self, *_: object) -> None:
        """What is lost is only that browsers are not told of another way."""

    @ends_with(_pass)
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Where people sign in: no invitation to HTTP/3 (RFC 7838), which passes this proxy by."""
        workspaces = self._gateway.service.bundle.workspaces
        if flow.response is not None and any(name and workspaces.is_sign_in(name) for name in names_of(flow)):
            flow.response.headers.pop("alt-svc", None)

    def _set(self, flow: http.HTTPFlow) -> None:
        service = self._gateway.service
        workspaces = service.bundle.workspaces
        if not workspaces:
            return
        groups = identify(flow, service.identities, service.pseudonym).groups
        for host in filter(None, names_of(flow)):
            for name, value in workspaces.fields(host, groups).items():
                flow.request.headers[name] = value
