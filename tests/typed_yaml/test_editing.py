from __future__ import annotations

from random import Random
from typing import Any

import pytest
import yaml

from promptguard.typed_yaml.editing import NotEditable, YamlText, written
from promptguard.typed_yaml.nodes import parse

BLOCK = """\
# The top.
listen: 127.0.0.1:8080   # where

console:
  # Of the console.
  enabled: true
  staff: {links: never, who: "all"}  # none
  oidc:
    issuer: https://login.example   # theirs

    # ours
    console_url: 'https://guard.example'
    scopes:
    - openid
    - email   # the last

# At the end.
notices:
  text: |
    One
    Two

  other: 1
"""


@pytest.mark.parametrize(
    ("keys", "value", "before", "after"),
    [
        ("listen", '"a:1"', "listen: 127.0.0.1:8080   #", 'listen: "a:1"   #'),
        ("console.url", "https://a", "    - email   # the last\n", "    - email   # the last\n  url: https://a\n"),
        ("console.staff.more", "1", ', who: "all"}', ', who: "all", more: 1}'),
        ("console.staff.who", "1", 'who: "all"', "who: 1"),
        ("notices.last", "1", "  other: 1\n", "  other: 1\n  last: 1\n"),
        ("notices.other", "2", "other: 1", "other: 2"),
        ("new.a.b", "1", "  other: 1\n", "  other: 1\nnew:\n  a:\n    b: 1\n"),
        ("console.oidc.scopes", "[a]", "scopes:\n    - openid\n    - email   #", "scopes: [a]   #"),
    ],
)
def test_a_value_is_put_and_nothing_else_changes(keys: str, value: str, before: str, after: str) -> None:
    text = YamlText(BLOCK)
    text.put(keys.split("."), value)
    expected = BLOCK.replace(before, after)
    assert text.text == expected
    assert text.value(keys.split(".")) == parse(value)


@pytest.mark.parametrize(
    ("keys", "gone"),
    [
        ("listen", "listen: 127.0.0.1:8080   # where\n"),
        ("console.oidc.console_url", "    console_url: 'https://guard.example'\n"),
        ("console.oidc.scopes", "    scopes:\n    - openid\n    - email   # the last\n"),
        ("console.staff.links", "links: never, "),
        ("console.staff.who", ', who: "all"'),
        ("console.staff", '  staff: {links: never, who: "all"}  # none\n'),
        ("notices.text", "  text: |\n    One\n    Two\n"),
        ("notices.other", "  other: 1\n"),
    ],
)
def test_a_key_is_taken_out_with_its_lines_and_comments_stay(keys: str, gone: str) -> None:
    text = YamlText(BLOCK)
    text.remove(keys.split("."))
    assert text.text == BLOCK.replace(gone, "") != BLOCK
    assert keys.split(".") not in text


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("a:\n  b:\n    c: 1\nd: 2\n", "a.b.c", "d: 2\n"),
        ("a: {b: {c: 1}, e: 3}\n", "a.b.c", "a: {e: 3}\n"),
        ("a: 1\n", "a", ""),
        ("a: {b: 1}\r\nc: 2\r\n", "a.b", "c: 2\r\n"),
    ],
)
def test_what_would_have_nothing_left_goes_too(before: str, keys: str, after: str) -> None:
    text = YamlText(before)
    text.remove(keys.split("."))
    assert text.text == after


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("", "a.b", "a:\n  b: 1\n"),
        ("# only this\n", "a", "# only this\na: 1\n"),
        ("console:\n", "console.url", "console: {url: 1}\n"),
        ("console: # later\nb: 2\n", "console.url", "console: {url: 1} # later\nb: 2\n"),
        ("console: {}\n", "console.url", "console: {url: 1}\n"),
        ("a: 2", "b", "a: 2\nb: 1\n"),
        ("a: 2\r\n", "b", "a: 2\r\nb: 1\r\n"),
        ("a:\n    b: 2\n", "a.c.d", "a:\n    b: 2\n    c:\n      d: 1\n"),
    ],
)
def test_a_value_is_put_where_there_was_nothing(before: str, keys: str, after: str) -> None:
    text = YamlText(before)
    text.put(keys.split("."), "1")
    assert text.text == after


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "YAML"),
        ("- 1", "keys"),
        ("a: &x 1\nb: *x", "anchors"),
        ("a: 1\na: 2", "YAML"),
        ("a: 1\n---\nb: 2", "YAML"),
    ],
)
def test_what_cannot_be_edited_is_told(text: str, told: str) -> None:
    with pytest.raises(NotEditable, match=told):
        YamlText(text)


def test_no_key_is_put_below_a_value() -> None:
    with pytest.raises(NotEditable, match="no keys"):
        YamlText("a: 1\n").put(["a", "b"], "2")
    with pytest.raises(KeyError):
        YamlText("a: 1\n").remove(["b"])


def test_values_are_read_as_they_are_written() -> None:
    text = YamlText(BLOCK)
    assert text.source(["console", "oidc", "console_url"]) == "'https://guard.example'"
    assert text.value(["console", "oidc", "scopes"]) == ["openid", "email"]
    assert text.value(["notices", "text"]) == "One\nTwo"
    assert text.value(["console"])["staff"] == {"links": "never", "who": "all"}
    assert text.value(["none"]) is None
    assert text.keys(["console"]) == ["enabled", "staff", "oidc"] and text.keys(["listen"]) == []


def tree(random: Random, depth: int = 3) -> Any:
    if not depth or random.random() < 0.3:
        return random.choice([1, "two", ["a", {"b": 1}], None, "a\nb\n"])
    return {key: tree(random, depth - 1) for key in random.sample("abcd", random.randint(1, 3))}


@pytest.mark.parametrize("flow", [False, True])
def test_no_other_value_changes(flow: bool) -> None:
    random = Random(7)
    edited = 0
    for _ in range(60):
        before = {"a": tree(random), "b": tree(random)}
        keys = random.choices("abcd", k=random.randint(1, 3))
        text = YamlText(yaml.safe_dump(before, default_flow_style=flow, sort_keys=False))
        try:
            text.put(keys, written("new"))
        except NotEditable:
            continue
        edited += 1
        expected = parse(yaml.safe_dump(before))
        inner = expected
        for key in keys[:-1]:
            inner[key] = inner.get(key) or {}
            inner = inner[key]
        inner[keys[-1]] = "new"
        assert parse(text.text) == expected
        text.remove(keys)
        assert keys not in text
    assert edited > 30
