from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from mitmproxy.test import tflow, tutils

from promptguard.proxy.addons.farewell import Farewell


@pytest.mark.parametrize(
    ("draining", "version", "status", "closes"),
    [
        (True, b"HTTP/1.1", 200, True),
        (True, b"HTTP/1.0", 404, True),
        (True, b"HTTP/2.0", 200, False),  # it forbids the field (RFC 9113 8.2.2)
        (True, b"HTTP/1.1", 101, False),  # a WebSocket
        (False, b"HTTP/1.1", 200, False),
    ],
)
def test_who_is_told(draining: bool, version: bytes, status: int, closes: bool) -> None:
    gateway: Any = SimpleNamespace(service=SimpleNamespace(draining=draining))
    flow = tflow.tflow(req=tutils.treq(http_version=version), resp=tutils.tresp(status_code=status))
    Farewell(gateway).responseheaders(flow)
    assert flow.response is not None
    assert (flow.response.headers.get("connection") == "close") is closes
