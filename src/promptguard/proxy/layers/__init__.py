"""Layers of mitmproxy 12 that do what its hooks do not reach.

mitmproxy names its layers' classes as globals where it makes them; ours are subclasses that stand in their place. Where
no addon of ours has an exchange, they behave as mitmproxy's own, but for its faults.
"""

from __future__ import annotations

from mitmproxy.proxy.layers import http as mitmproxy_http
from mitmproxy.proxy.layers import websocket as mitmproxy_websocket
from mitmproxy.proxy.layers.http import _upstream_proxy

from promptguard.proxy.layers.http1 import TrailersHttp1Client, TrailersHttp1Server
from promptguard.proxy.layers.http_stream import InspectedHttpStream
from promptguard.proxy.layers.websocket import InspectedWebsocketLayer, WholeMessages
from promptguard.proxy.layers.websocket_events import InspectedConnection
from promptguard.proxy.parents import ParentTunnel


def install() -> None:
    """Let mitmproxy make these layers from now on. May be called again."""
    vars(mitmproxy_http).update(
        HttpStream=InspectedHttpStream,
        Http1Server=TrailersHttp1Server,
        Http1Client=TrailersHttp1Client,
    )
    vars(_upstream_proxy).update(HttpUpstreamProxy=ParentTunnel)
    vars(mitmproxy_websocket).update(
        WebsocketLayer=InspectedWebsocketLayer,
        WebsocketConnection=InspectedConnection,
        Fragmentizer=WholeMessages,
    )
