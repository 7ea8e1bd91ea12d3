from __future__ import annotations

import json
from typing import Any

import pytest

from promptguard.wire.documents.json import JOINED, JsonDocument
from promptguard.wire.documents.labels import MAX_LABEL, MAX_NAMED_MEMBERS, as_label, part_of, told


def labels(value: Any) -> dict[str, str]:
    """The labels of a document's values, by their texts."""
    leaves = JsonDocument(json.dumps(value).encode()).leaves()
    return {leaf.text: leaf.label for leaf in leaves if leaf.role is None and leaf.path[-1:] != (JOINED,)}


@pytest.mark.parametrize(
    "pair",
    [
        {"name": "door", "value": "X1"},
        {"value": "X1", "name": "door"},
        {"Key": "door", "Value": "X1"},
        {"field": "door", "content": "X1"},
        {"label": "door", "text": "X1"},
        {"question": "door", "answer": "X1"},
        {"k": "door", "v": "X1"},
        {"id": "door", "value": "X1"},
        {"type": "door", "value": "X1"},
        {"header_name": "door", "default": "X1"},
        {"name": "door", "values": ["X1"]},
        {"name": "door", "value": {"stringValue": "X1"}},
        {"door": {"S": "X1"}},
        {"columns": ["id", "door"], "rows": [[1, "X1"]]},
        {"cols": [{"label": "id"}, {"label": "door"}], "rows": [{"c": [{"v": 1}, {"v": "X1"}]}]},
        {"data": [["id", "door"], ["1", "X1"]]},
    ],
)
def test_what_stands_apart_is_the_label(pair: Any) -> None:
    assert labels({"fields": [pair]})["X1"].split("\n")[0] == "door"
    assert labels(pair)["X1"].split("\n")[0] == "door"


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ({"type": "text", "text": "X1"}, ""),
        ({"type": "redacted_thinking", "data": "X1"}, ""),
        ({"role": "user", "content": "X1"}, ""),
        ({"a": [["x", "y"], ["X1"]]}, "a"),
        ({"a": [[1, 2], ["X1", "z"]]}, "a"),
        ({"name": 5, "value": "X1"}, ""),
        ({f"n{number}": 0 for number in range(MAX_NAMED_MEMBERS)} | {"name": "a", "value": "X1"}, ""),
    ],
)
def test_what_tells_nothing_is_no_label(value: Any, label: str) -> None:
    assert labels(value)["X1"] == label


def test_the_label_of_the_whole_stands_on_a_line_of_its_own() -> None:
    assert labels({"wifi": {"name": "office", "value": "X1"}})["X1"] == "office\nwifi"


def test_a_long_question_is_a_label_by_its_end() -> None:
    assert as_label("a " * MAX_LABEL + "what\n is it?").endswith("a what is it?")
    assert len(as_label("a" * 1000)) == MAX_LABEL
    assert told({"name": "x" * 500, "value": 1}) is not None
    assert part_of("x" * 500) is None
