"""Natures by place, as lines of a format say them."""

from __future__ import annotations

import pytest

from promptguard.model import Path
from promptguard.wire.documents.interface import NAME
from promptguard.wire.formats.members import (
    FIXED,
    PROTOCOL,
    SEALED,
    SEALED_IF_ISSUED,
    TEXT,
    Members,
    Standing,
    snake_case,
)

MEMBERS = Members(
    r"""
    protocol  model messages[].role messages[].content[].type tuple[0]
    protocol  **.cache_control.type
    grammar   stop[] metadata.**
    schema    tools[].parameters format
    sealed    messages[].content[].signature
    sealed    <[0-9a-f]{8}> nonce
    text      messages[].content[].input.** metadata.note
    """
)


@pytest.mark.parametrize(
    ("path", "text", "standing"),
    [
        (("model",), "gpt-5.1-mini", PROTOCOL),
        (("model",), "", PROTOCOL),
        (("model",), "gpt 5 and my password", FIXED),
        (("model",), "a" * 257, FIXED),
        (("model", "id"), "gpt", TEXT),
        (("messages", 0, "role"), "user", PROTOCOL),
        (("messages", 3, "role"), "user\nanna@example.org", FIXED),
        (("messages", 0, "content"), "user", TEXT),
        (("messages", 0, "content", 2, "type"), "text", PROTOCOL),
        (("messages", "x", "role"), "user", TEXT),
        (("tuple", 0), "a", PROTOCOL),
        (("tuple", 1), "a", TEXT),
        (("system", 0, "cache_control", "type"), "ephemeral", PROTOCOL),
        (("stop", 0), "\n\nHuman: and then", PROTOCOL),
        (("metadata", "a", "b"), "any text there is", PROTOCOL),
        (("metadata", "note"), "any text there is", TEXT),
        (("messages", 0, "content", 0, "signature"), "EqQB", SEALED_IF_ISSUED),
        (("nonce",), "0123abcd", SEALED),
        (("nonce",), "0123abcd my password", FIXED),
        (("messages", 0, "content", 0, "input", "type"), "text", TEXT),
        (("messages", 0, "content", 0, "input", "cache_control", "type"), "text", TEXT),
        (("unknown",), "x", TEXT),
        ((), "x", TEXT),
    ],
)
def test_standing(path: Path, text: str, standing: Standing) -> None:
    assert MEMBERS.standing(path, text) == standing


SCHEMA: Path = ("tools", 0, "parameters")


@pytest.mark.parametrize(
    ("path", "standing"),
    [
        (("description",), TEXT),
        (("type",), PROTOCOL),
        (("required", 0), PROTOCOL),
        (("properties", "city", "description"), TEXT),
        (("properties", "city", "enum", 1), PROTOCOL),
        (("properties", "city", "pattern"), PROTOCOL),
        (("properties", "description", "type"), PROTOCOL),
        (("properties", "description", "description"), TEXT),
        (("properties", "properties", "description"), TEXT),
        (("properties", "title"), PROTOCOL),
        (("properties", NAME, "my own city"), PROTOCOL),
        (("$defs", "A", "anyOf", 0, "title"), TEXT),
        (("enumDescriptions", 2), TEXT),
        (("default",), PROTOCOL),
        (("properties", "password", "default"), FIXED),
        (("properties", "dbPassword", "examples", 1), FIXED),
        (("properties", "api_key", "const"), FIXED),
        (("properties", "login", "default", "user_pwd"), FIXED),
        (("properties", "password", "enum", 0), PROTOCOL),
        (("properties", "password", "type"), PROTOCOL),
        (("properties", "city", "default"), PROTOCOL),
        (("properties", "spinner", "default"), PROTOCOL),
        (("properties", "default", "properties", "password", "type"), PROTOCOL),
    ],
)
def test_schemas(path: Path, standing: Standing) -> None:
    assert MEMBERS.standing((*SCHEMA, *path), "some words of text") == standing
    assert MEMBERS.standing(("format", *path), "some words of text") == standing


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("tool_call_id", PROTOCOL),
        ("x-goog-user", PROTOCOL),
        ("anna@example.org", TEXT),
        ("4111111111111111", TEXT),
        ("my password is x", TEXT),
    ],
)
def test_names_of_members_are_protocol_if_a_program_would_call_one_so(name: str, standing: Standing) -> None:
    assert MEMBERS.standing(("unknown", NAME, name), name) == standing


def test_names_with_dots_and_names_of_fields() -> None:
    members = Members(r"protocol f\.sid a.b")
    assert members.standing(("f.sid",), "1") == PROTOCOL
    assert members.standing(("a", "b"), "1") == PROTOCOL
    assert members.standing(("a.b",), "1") == TEXT
    assert members.standing(("f.sid", NAME), "f.sid") == PROTOCOL
    assert members.standing(("my question", NAME), "my question") == TEXT


def test_snake_case() -> None:
    members = Members(snake_case("schema generationConfig.responseSchema\nprotocol toolConfig.mode[].aB tool_choice"))
    assert members.standing(("generation_config", "response_schema", "type"), "x y") == PROTOCOL
    assert members.standing(("tool_config", "mode", 0, "a_b"), "x") == PROTOCOL
    assert members.standing(("tool_choice",), "x") == PROTOCOL


def test_roots() -> None:
    members = Members("protocol model", roots=("", "request", "requests[].params"))
    for path in (("model",), ("request", "model"), ("requests", 4, "params", "model")):
        assert members.standing(path, "m") == PROTOCOL
    assert members.standing(("other", "model"), "m") == TEXT


@pytest.mark.parametrize("source", ["wrong model", "protocol a..b", "sealed <[> a"])
def test_mistakes(source: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Members(source)
