from __future__ import annotations

import json
import random
from typing import Any

import pytest

from promptguard.destinations.outline import MAX_OUTLINE, outline


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": "x", "b": "x y", "c": 1, "d": True, "e": None, "f": 1.5}, {
            "a": "string", "b": "text", "c": "number", "d": "boolean", "e": "null", "f": "number",
        }),
        ([{"role": "user"}, {"content": "hello you"}], [{"role": "string", "content": "text"}]),
        ([1, "x", None], ["null or number or string"]),
        ([[1], ["x y"]], [["number or text"]]),
        ([], []),
        ({}, {}),
        ({"ada@example.com": 1, "4111111111111111": 2, "snake_case": 3, "camelCase2": 4, "$type": 5}, {
            "*": "number", "snake_case": "number", "camelCase2": "number", "$type": "number",
        }),
        ({"ada": {"n": 1}, "bob": {"n": 2}, "cem": {"n": 3}}, {"*": {"n": "number"}}),
        ({"ada": {"n": 1}, "bob": {"m": 2}, "cem": {"n": 3}}, {
            "ada": {"n": "number"}, "bob": {"m": "number"}, "cem": {"n": "number"},
        }),
    ],
)  # fmt: skip
def test_outline(value: Any, expected: Any) -> None:
    assert json.loads(outline(value)) == expected


def test_names_in_which_something_was_found_are_not_told() -> None:
    assert json.loads(outline({"Tamsin": 1, "other": 2}, {"Tamsin"})) == {"*": "number", "other": "number"}


def test_no_value_is_in_an_outline() -> None:
    generator = random.Random(5)
    planted = [f"secret{number}value" for number in range(50)]

    def made(depth: int) -> Any:
        kind = generator.randrange(4 if depth else 2)
        if kind == 2:
            return [made(depth - 1) for _ in range(generator.randrange(5))]
        if kind == 3:
            return {generator.choice(["a", "b", "c d", "e@f"]) + str(n): made(depth - 1) for n in range(4)}
        return generator.choice(planted) if kind else generator.randrange(10**9)

    for _ in range(300):
        told = outline(made(4))
        assert "secret" not in told and "@" not in told and "c d" not in told


def test_it_is_bounded() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"a": [deep]}
    wide = {f"member_{'abcdefgh'[n % 8]}_{'x' * (n % 40)}": {"v": n} for n in range(100_000)}
    for value in (deep, wide, [wide] * 1_000, ["x"] * 1_000_000):
        assert len(outline(value)) <= MAX_OUTLINE
