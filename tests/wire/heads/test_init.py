from __future__ import annotations

import pytest

from promptguard.model import WEBSOCKET, Request
from promptguard.wire.heads import head_texts


@pytest.mark.parametrize(
    ("method", "texts"),
    [("GET", ["a", "x-b", "c"]), ("my-key", ["my-key", "a", "x-b", "c"]), (WEBSOCKET, [])],
)
def test_method_path_and_fields(method: str, texts: list[str]) -> None:
    request = Request(method, "api.example.org", "/a", headers={"x-b": "c", "authorization": "Bearer d"})
    assert [text.text for text in head_texts(request)] == texts


def test_fields_as_they_came_count_where_they_are_known() -> None:
    request = Request("GET", "api.example.org", "/", headers={"x-b": "c, d"}, fields=(("X-B", "c"), ("X-B", "d")))
    assert [text.text for text in head_texts(request)] == ["X-B", "c", "X-B", "d", "cd"]
