"""CONNECT tunnels to hosts that are no AI services."""

from __future__ import annotations

from mitmproxy import http

_MARK = "promptguard_passes"


def let_pass(flow: http.HTTPFlow) -> None:
    """Note that what a CONNECT request asks for is no AI service by its name."""
    flow.metadata[_MARK] = True


def passes_untouched(flow: http.HTTPFlow) -> bool:
    """Whether `let_pass` was called for a CONNECT request."""
    return _MARK in flow.metadata
