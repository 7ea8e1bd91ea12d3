from __future__ import annotations

from mitmproxy.test import tflow

from promptguard.proxy.under_way import UnderWay


def test_what_is_under_way() -> None:
    under_way = UnderWay()
    one, two = tflow.tflow(), tflow.tflow()
    two.client_conn = one.client_conn
    assert not under_way.on(one.client_conn)
    under_way.begin(one)
    under_way.begin(two)
    assert not under_way.end(one)
    assert under_way.on(one.client_conn)
    assert under_way.end(two)
    assert not under_way.on(one.client_conn)
    assert under_way.end(two), "what has ended may end again"
