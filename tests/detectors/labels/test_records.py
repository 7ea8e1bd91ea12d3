from __future__ import annotations

import json
from typing import Any

import pytest

from promptguard.detectors.labels.records import MAX_DEPTH, read_records


def said(text: str) -> list[str]:
    """The lines of the reading, each with what it stands for in the text."""
    view = read_records(text)
    if view is None:
        return []
    lines = [line for line in view.text.split("\n") if ": " in line]
    for line in lines:
        start = view.text.index(line) + line.index(": ") + 2
        place = view.original(start, view.text.index(line) + len(line))
        assert place is not None
        assert json.loads(f'"{text[slice(*place)]}"') == line.partition(": ")[2]
    return lines


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"name": "door", "value": "X1"}, ["door: X1"]),
        ([{"field": "door", "content": 'X"1\u00e9'}], ['door: X"1\u00e9']),
        ({"question": "What is your password?", "answer": "X1"}, ["password: X1"]),
        ({"columns": ["id", "door"], "rows": [["a", "X1"], ["b", "Y2"]]}, ["id: a", "door: X1", "id: b", "door: Y2"]),
        ({"door": ["X1"]}, ["door: X1"]),
        ({"door": {"S": "X1"}}, ["door: X1"]),
        ({"name": "pin", "value": 83746251}, ["pin: 83746251"]),
        ({"door": "X1"}, []),
        ({"text": "X1"}, []),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("around", ["{}", "Here:\n```json\n{}\n```\nok", "[1, 2] {}", '{{"a" b {}'])
def test_values_after_labels_that_stand_apart(value: Any, lines: list[str], indent: int | None, around: str) -> None:
    found = said(around.format(json.dumps(value, indent=indent)))
    assert [line for line in found if not line.startswith(("columns:", "name:"))] == lines


def test_what_is_cut_off_is_read_as_far_as_it_goes() -> None:
    assert said('[{"name": "door", "value": "X1"}, {"name": "gate", "value": "Y2"') == ["door: X1", "gate: Y2"]
    assert said('{"name": "door", "value": "X1') == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[1, 2, 3]",
        "{}",
        '{"a" "b" "c": "value": }',
        '{"name":' * 200,
        '[["' * 10_000,
        '{"a":]]]}"name":',
    ],
)
def test_other_texts(text: str) -> None:
    assert said(text) == []


def test_deep_and_long_texts_are_read_once() -> None:
    deep = '{"a":' * (MAX_DEPTH + 9) + '{"name":"door","value":"X1"}'
    assert said(deep)[-1:] in ([], ["door a: X1"])
    assert read_records('{"name": "door", "value": "X1"} ' * 20_000) is not None
