from __future__ import annotations

from typing import Any

import pytest

from promptguard.typed_yaml.nodes import LocatedList, LocatedMapping, NotYAML, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("no", "no"),  # text in YAML 1.2, and false in YAML 1.1
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2031-05-01", "2031-05-01"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        ("'12'", "12"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_plain_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    parsed = parse(text)
    assert parsed == value and type(parsed) is type(value)


def test_mappings_and_lists_know_their_lines() -> None:
    parsed = parse("# heading\nfirst: 1\nsecond:\n  - a\n\n  - b: 2\n")
    assert isinstance(parsed, LocatedMapping) and isinstance(parsed["second"], LocatedList)
    assert (parsed.line, parsed.lines) == (2, {"first": 2, "second": 3})
    assert parsed["second"].lines == [4, 6]
    assert parsed["second"][1].line == 6


def test_anchors_and_merges() -> None:
    assert parse("base: &base {a: 1, b: 2}\nmore:\n  <<: *base\n  c: 3")["more"] == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: 2\na: 3", 3, "duplicate key 'a'"),
        ("a:\n  - {b: 1, b: 2}", 2, "duplicate key 'b'"),
        ("[1, 2]: 3", 1, "a key must be text"),
        ("a: 1\n b: 2", 2, "mapping values are not allowed"),
    ],
)
def test_what_is_no_yaml(text: str, line: int, problem: str) -> None:
    with pytest.raises(NotYAML) as caught:
        parse(text)
    assert (caught.value.line, problem in caught.value.problem) == (line, True)


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 100_000, "a:\n- 1\n- " + "- " * 100_000, "{b: " * 100_000, "? " * 100_000]
)
def test_bottomless_lists_are_refused_before_they_are_read(text: str) -> None:
    with pytest.raises(NotYAML, match="more than 100 lists and mappings within each other"):
        parse(text)


def test_many_lists_beside_each_other_are_read() -> None:
    assert parse("- [a, {b: c}]\n" * 5_000) == [["a", {"b": "c"}]] * 5_000
