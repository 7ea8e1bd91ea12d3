"""Where a connection stands: before the proxy, or in a tunnel through it."""

from __future__ import annotations

from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import ClientTLSLayer
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.modes import HttpProxy, HttpUpstreamProxy, Socks5Proxy


def is_before_proxy(context: Context) -> bool:
    """Whether what is said now is said to the proxy itself, and to no host through it."""
    layers = context.layers
    explicit = bool(layers) and isinstance(layers[0], HttpProxy | HttpUpstreamProxy)
    return explicit and not any(isinstance(layer, HttpStream) for layer in layers)


def is_in_tunnel(context: Context) -> bool:
    """Whether it is said in a tunnel through the proxy (CONNECT, SOCKS), and not in TLS there."""
    layers = context.layers
    if layers and isinstance(layers[0], Socks5Proxy):
        begin = 0
    else:
        begin = next((at for at, layer in enumerate(layers) if isinstance(layer, HttpStream)), len(layers))
    return begin < len(layers) and not any(isinstance(layer, ClientTLSLayer) for layer in layers[begin:])
