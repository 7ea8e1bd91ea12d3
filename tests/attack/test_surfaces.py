"""Every shape of `tests/surfaces` through the proxy: a key stays here, and without one it passes."""

from __future__ import annotations

import pytest
from harness.attack import Attack
from harness.requests import request
from tests.surfaces.shape import Fill, Shape, load_shapes

PROHIBITED = {"ollama"}
"""Services that nothing may be sent to, as shipped."""
OVER_HTTP = [
    pytest.param(shape, id=id) for id, shape in load_shapes().items() if shape.encoding not in ("websocket", "signalr")
]

every_shape = pytest.mark.parametrize("shape", OVER_HTTP)


def written(shape: Shape, fill: Fill) -> bytes:
    """The request as a client sends it."""
    made = shape.request(fill)
    path = f"{made.path}?{made.query}" if made.query else made.path
    return request(
        made.body,
        method=made.method,
        path=path,
        host=made.host,
        kind="",
        headers=made.headers,
        length=shape.encoding != "query",
    )


@every_shape
def test_a_key_stays_here(shape: Shape, attack: Attack) -> None:
    attack.leaves_not("key", lambda value: written(shape, lambda kind: value), host=shape.host)


@pytest.mark.parametrize("shape", [each for each in OVER_HTTP if each.id.partition(":")[0] not in PROHIBITED])
def test_without_one_it_arrives_as_it_was_sent(shape: Shape, attack: Attack) -> None:
    attack.arrives_whole(written(shape, lambda kind: "the customer"), host=shape.host)
