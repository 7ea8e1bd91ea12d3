from __future__ import annotations

from promptguard.model import Role
from promptguard.wire.documents.query import QueryDocument


def test_values_are_leaves_and_keys_are_not() -> None:
    read = QueryDocument("q=my+secret&key=AIza-own-key&alt=sse", ["key"])
    assert [(leaf.text, leaf.role) for leaf in read.leaves() if leaf.text != "q"] == [
        ("my secret", Role.URL),
        ("sse", Role.URL),
    ]


def test_replaces() -> None:
    read = QueryDocument("q=my+secret&key=k", ["key"])
    path = next(leaf.path for leaf in read.leaves() if leaf.text == "my secret")
    assert read.replace({path: "[X] y"}) == "q=%5BX%5D+y&key=k"


def test_a_bare_query_is_seen() -> None:
    assert [leaf.text for leaf in QueryDocument("jo@example.org").leaves()] == ["jo@example.org"]


def test_no_query() -> None:
    assert QueryDocument("").leaves() == []
    assert QueryDocument("").replace({}) == ""
