"""What is known of one exchange with an AI service: a request and its answer, or a WebSocket connection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mitmproxy import http

from promptguard.model import Identity, Verdict
from promptguard.proxy.names import Target

if TYPE_CHECKING:
    from promptguard.proxy.answer_streams import Observation
    from promptguard.proxy.conversation import Conversation
    from promptguard.proxy.interjections import Interjections


class Cut(Enum):
    """Why a request is answered before its end."""

    TOO_LARGE = auto()
    OPEN_ENDED = auto()
    """It stays open to send more while it is answered."""


@dataclass(slots=True, eq=False)
class Exchange:
    """One flow to an AI service, from its headers on."""

    target: Target
    max_body: int
    """Bytes of the request that are received; a longer one is refused without waiting for its end."""
    may_be_open_ended: bool = False
    """The request may be one half of a conversation (gRPC, Connect), and have no end."""
    cut: Cut | None = None
    """Set where the request is answered before its end; what is known of it then is not all of it."""
    identity: Identity | None = None
    """Who sent it; None until the request is inspected."""
    verdict: Verdict | None = None
    """None until the request is recorded: without one, nothing is forwarded."""
    conversation: Conversation | None = None
    """The messages of a WebSocket connection; None for other exchanges."""
    unreached: str = ""
    """What mitmproxy says of a connection to the service that could not be made."""
    interjections: Interjections | None = None
    """What is said in its answer by the proxy; None where nothing can be."""
    observation: Observation | None = None
    """What the client receives of the answer, where the guard learns from it."""


# A flow has no place for what addons know of it but `metadata`, which mitmproxy writes into saved flows.
_exchanges: WeakKeyDictionary[http.HTTPFlow, Exchange] = WeakKeyDictionary()


def open_exchange(flow: http.HTTPFlow, exchange: Exchange) -> None:
    """Note that a flow goes to an AI service."""
    _exchanges[flow] = exchange


def exchange_of(flow: http.HTTPFlow) -> Exchange | None:
    """The exchange of a flow, or None where it goes to no AI service."""
    return _exchanges.get(flow)
