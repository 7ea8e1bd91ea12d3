from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from mitmproxy.proxy.layers import ClientTLSLayer, HttpLayer
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.modes import HttpProxy, HttpUpstreamProxy, Socks5Proxy, TransparentProxy

from promptguard.proxy.outer_tls import is_before_proxy, is_in_tunnel


@pytest.mark.parametrize(
    ("layers", "before", "tunnel"),
    [
        ([], False, False),
        ([HttpProxy], True, False),
        ([HttpUpstreamProxy, ClientTLSLayer], True, False),
        ([HttpProxy, ClientTLSLayer, HttpLayer], True, False),
        ([HttpProxy, HttpLayer, HttpStream], False, True),
        ([HttpProxy, ClientTLSLayer, HttpLayer, HttpStream], False, True),
        ([HttpProxy, ClientTLSLayer, HttpLayer, HttpStream, ClientTLSLayer], False, False),
        ([Socks5Proxy], False, True),
        ([Socks5Proxy, ClientTLSLayer], False, False),
        ([TransparentProxy], False, False),
    ],
)
def test_where_a_connection_stands(layers: list[type[Any]], before: bool, tunnel: bool) -> None:
    context: Any = SimpleNamespace(layers=[kind.__new__(kind) for kind in layers])
    assert (is_before_proxy(context), is_in_tunnel(context)) == (before, tunnel)
