from __future__ import annotations

import gc
import weakref

from mitmproxy.test import tflow

from promptguard.model import Destination, Identity, Kind, Request, Status
from promptguard.proxy.conversation import Conversation
from promptguard.proxy.exchange import Exchange, exchange_of, open_exchange
from promptguard.proxy.names import Target

TARGET = Target(Destination("x", "X", ("x.example",), Kind.API, Status.APPROVED), "x.example")


def test_only_flows_to_ai_services_have_one() -> None:
    flow = tflow.tflow()
    assert exchange_of(flow) is None
    exchange = Exchange(TARGET, max_body=1)
    open_exchange(flow, exchange)
    assert exchange_of(flow) is exchange
    assert flow.metadata == {}, "mitmproxy writes it into saved flows"


def test_it_ends_with_its_flow() -> None:
    flow = tflow.tflow()
    exchange = Exchange(TARGET, max_body=1)
    exchange.conversation = Conversation(Request("GET", "x.example", "/"), TARGET, Identity("ada", "p_ada"))
    open_exchange(flow, exchange)
    ended = weakref.ref(exchange.conversation)
    del flow, exchange
    gc.collect()
    assert ended() is None
