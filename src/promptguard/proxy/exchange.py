"""What is known of one exchange with an AI service: a request and its answer, or a WebSocket connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mitmproxy import http

from promptguard.model import Identity, Verdict
from promptguard.proxy.names import Target

if TYPE_CHECKING:
    from promptguard.proxy.conversation import Conversation


@dataclass(slots=True, eq=False)
class Exchange:
    """One flow to an AI service, from its headers on."""

    target: Target
    identity: Identity | None = None
    """Who sent it; None until the request is inspected."""
    verdict: Verdict | None = None
    """None until the request is recorded: without one, nothing is forwarded."""
    conversation: Conversation | None = None
    """The messages of a WebSocket connection; None for other exchanges."""


# A flow has no place for what addons know of it but `metadata`, which mitmproxy writes into saved flows.
_exchanges: WeakKeyDictionary[http.HTTPFlow, Exchange] = WeakKeyDictionary()


def open_exchange(flow: http.HTTPFlow, target: Target) -> Exchange:
    """Note that a flow goes to an AI service."""
    exchange = _exchanges[flow] = Exchange(target)
    return exchange


def exchange_of(flow: http.HTTPFlow) -> Exchange | None:
    """The exchange of a flow, or None where it goes to no AI service."""
    return _exchanges.get(flow)
