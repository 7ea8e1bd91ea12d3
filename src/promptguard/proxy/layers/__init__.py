"""Layers of mitmproxy 12 that do what its hooks do not reach.

mitmproxy names its layers' classes as globals where it makes them; ours are subclasses that stand in their place. Where
no addon of ours has an exchange, they behave as mitmproxy's own.
"""

from __future__ import annotations

from mitmproxy.proxy.layers import websocket as mitmproxy_websocket

from promptguard.proxy.layers.websocket import InspectedWebsocketLayer, WholeMessages


def install() -> None:
    """Let mitmproxy make these layers from now on. May be called again."""
    mitmproxy_websocket.WebsocketLayer = InspectedWebsocketLayer  # type: ignore[misc]
    mitmproxy_websocket.Fragmentizer = WholeMessages  # type: ignore[misc]
