from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Role
from promptguard.wire.documents.charsets import Decoded
from promptguard.wire.documents.interface import MAX_LEAVES, NAME
from promptguard.wire.documents.json import JOINED, MAX_DEPTH, JsonDocument
from promptguard.wire.documents.names import WELL_KNOWN
from promptguard.wire.documents.numbers import digits

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def document(value: Any, *embedded: str) -> JsonDocument:
    return JsonDocument(json.dumps(value).encode(), frozenset(embedded))


def strings(value: Any) -> list[str]:
    """Every text of a value, in order: the plain recursive definition of what a document has to list."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        found = []
        for name, item in value.items():
            found += [name] if name and name not in WELL_KNOWN else []
            found += strings(item)
        return found
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = digits(literal := json.dumps(value)) or literal
        return [text] if sum(map(str.isdigit, text)) >= 9 else []
    return []


@given(VALUES)
def test_every_string_name_and_long_number_is_a_leaf(value: Any) -> None:
    listed = [leaf for leaf in document(value).leaves() if leaf.path[-1:] != (JOINED,)]
    short = [leaf for leaf in listed if leaf.role is None and leaf.text.isdigit() and len(leaf.text) < 9]
    told = strings(value)
    assert [leaf.text for leaf in listed if leaf not in short or leaf.text in told] == told


@given(VALUES, st.data())
def test_replacing_one_leaf_changes_only_it(value: Any, data: st.DataObject) -> None:
    read = document(value)
    leaves = [leaf for leaf in read.leaves() if leaf.path[-1:] != (JOINED,)]
    if not leaves:
        return
    chosen = data.draw(st.sampled_from(leaves))
    written = JsonDocument(read.replace({chosen.path: "[NEW_TEXT]"}))
    renamed = (*chosen.path[:-1], "[NEW_TEXT]") if chosen.role is Role.KEY else chosen.path
    after = {leaf.path: leaf.text for leaf in written.leaves() if leaf.path[-1:] != (JOINED,)}
    assert after[renamed] == "[NEW_TEXT]"
    if chosen.role is not Role.KEY:
        before = {leaf.path: leaf.text for leaf in leaves}
        assert after == {**before, chosen.path: "[NEW_TEXT]"}
    assert read.replace({chosen.path: chosen.text}) is not None
    assert JsonDocument(read.replace({})).leaves() == read.leaves()


def test_untouched_compact_bytes_stay_as_they_are() -> None:
    source = (
        '{"model":"gpt-5","messages":[{"role":"user","content":"Grüße an jo@example.org \\n\\"quoted\\" \\u0001"}],'
        '"temperature":0.7,"seed":9007199254740993,"n":-1,"logit_bias":{"50256":-100},"stop":null,"x":[],"y":{},'
        '"stream":true,"metadata":{"ticket":"T-1"}}'
    ).encode()
    written = JsonDocument(source).replace({("metadata", "ticket"): "[REDACTED]"})
    assert written == source.replace(b"T-1", b"[REDACTED]")


def test_literals_stay_when_something_else_changes() -> None:
    source = b'{"big":123456789012345678901234567890,"half":"\\ud83d","exact":1.50,"text":"secret"}'
    assert JsonDocument(source).replace({("text",): "x"}) == source.replace(b"secret", b"x")


@pytest.mark.parametrize(
    ("value", "path", "label"),
    [
        ({"password": "x"}, ("password",), "password"),
        ({"password": {"value": "x"}}, ("password", "value"), "password"),
        ({"customer": {"data": [{"text": "x"}]}}, ("customer", "data", 0, "text"), "customer"),
        ({"messages": [{"content": "x"}]}, ("messages", 0, "content"), ""),
        ({"phone": ["x"]}, ("phone", 0), "phone"),
        ("x", (), ""),
    ],
)
def test_labels(value: Any, path: tuple[str | int, ...], label: str) -> None:
    found = {leaf.path: leaf.label for leaf in document(value).leaves()}
    assert found[path] == label


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b'{"card":4111222233334444}', "4111222233334444"),
        (b'{"a":-123456789}', "123456789"),
        (b'{"a":123456789012345678901234567890}', "123456789012345678901234567890"),
        (b'{"a":4111222233334444.5}', "4111222233334444.5"),
        (b'{"a": 1.0000000041112222333344445555}', "1.0000000041112222333344445555"),
    ],
)
def test_long_numbers_are_texts(source: bytes, text: str) -> None:
    read = JsonDocument(source)
    assert [leaf.text for leaf in read.leaves() if leaf.role is None] == [text]
    path = read.leaves()[-1].path
    assert json.loads(read.replace({path: "[CARD]"})) == {path[0]: "[CARD]"}


def test_names_can_be_replaced_in_their_place() -> None:
    read = document({"b": 1, "jo@example.org": {"jo@example.org": "x"}, "a": 2})
    changes = {leaf.path: "[E]" for leaf in read.leaves() if "@" in leaf.text}
    assert len(changes) == 2
    assert read.replace(changes) == b'{"b":1,"[E]":{"[E]":"x"},"a":2}'


@pytest.mark.parametrize(
    "changes",
    [
        {("nowhere",): "x"},
        {("a", "b", "c"): "x"},
        {("list", 7): "x"},
        {(NAME, "nowhere"): "x"},
        {(NAME, "a"): "list"},
    ],
)
def test_what_cannot_be_written(changes: dict[tuple[str | int, ...], str]) -> None:
    with pytest.raises(NotRewritable):
        document({"a": "text", "list": ["x"]}).replace(changes)


def test_json_source_in_strings_is_read_as_a_tree() -> None:
    inner = json.dumps({"to": "jo@example.org", "n": 1.50, "cc": [{"password": "x"}]})
    read = document({"arguments": inner, "other": inner}, "arguments")
    leaves = {leaf.path: leaf for leaf in read.leaves()}
    assert leaves[("arguments", "to")].text == "jo@example.org"
    assert leaves[("arguments", "cc", 0, "password")].label == "password"
    assert leaves[("other",)].text == inner
    written = json.loads(read.replace({("arguments", "to"): 'a "b"', ("arguments", NAME, "cc"): "dd"}))
    assert written == {"arguments": '{"to":"a \\"b\\"","n":1.5,"dd":[{"password":"x"}]}', "other": inner}


def test_json_source_within_json_source() -> None:
    form = [None, json.dumps([["my secret", 0, [None]], "de"])]
    read = JsonDocument(json.dumps({"f.req": json.dumps(form)}).encode(), frozenset({"f.req"}))
    path = ("f.req", 1, 0, 0)
    assert {leaf.path: leaf.text for leaf in read.leaves()}[path] == "my secret"
    written = json.loads(read.replace({path: "[X]"}))
    assert json.loads(json.loads(written["f.req"])[1]) == [["[X]", 0, [None]], "de"]


@pytest.mark.parametrize("text", ["{broken", "[1, 2", "plain", '{"a":1,"a":2}', "7", '"x"', "[" * 5_000])
def test_embedded_text_that_is_no_tree_stays_text(text: str) -> None:
    read = document({"arguments": text}, "arguments")
    assert [(leaf.path, leaf.text) for leaf in read.leaves()] == [(("arguments",), text)]


def test_text_files_in_base64_are_read_and_written_back() -> None:
    encoded = base64.b64encode("Grüße an jo@example.org".encode()).decode()
    read = document({"source": {"type": "base64", "media_type": "text/plain", "data": encoded}})
    leaf = next(leaf for leaf in read.leaves() if leaf.path[-1] == "data")
    assert (leaf.text, leaf.role) == ("Grüße an jo@example.org", Role.FILE)
    written = json.loads(read.replace({leaf.path: "Grüße an [E]"}))
    assert base64.b64decode(written["source"]["data"]).decode() == "Grüße an [E]"


def test_other_files_in_base64_are_listed_as_such() -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    url = f"data:image/png;name=card.png;base64,{base64.b64encode(png).decode()}"
    read = document({"messages": [{"content": [{"image_url": {"url": url}}, {"text": "hello"}]}]})
    place = ("messages", 0, "content", 0, "image_url", "url")
    assert read.files() == [File(place, png, media_type="image/png")]
    assert [(leaf.path, leaf.text) for leaf in read.leaves()] == [
        ((*place, "parameters"), "name=card.png"),
        (("messages", 0, "content", 1, "text"), "hello"),
    ]
    with pytest.raises(NotRewritable):
        read.replace({(*place, "parameters"): "[X]"})


def test_files_in_embedded_json_have_paths_into_it() -> None:
    pdf = b"%PDF-1.7" + bytes(90)
    inner = json.dumps({"file_data": base64.b64encode(pdf).decode()})
    read = JsonDocument(json.dumps({"arguments": inner}).encode(), frozenset({"arguments"}))
    assert read.files() == [File(("arguments", "file_data"), pdf)]


def test_too_many_texts_are_unreadable() -> None:
    with pytest.raises(Unreadable, match=r"body\.too_many_texts"):
        document(["word"] * (MAX_LEAVES + 1))
    assert len(document(["word"] * 1_000).leaves()) == 1_000


def test_the_body_is_not_changed_by_replacing() -> None:
    read = document({"a": "x", "arguments": '{"b":"y"}'}, "arguments")
    first = read.replace({("a",): "1", ("arguments", "b"): "2"})
    assert read.body == {"a": "x", "arguments": '{"b":"y"}'}
    assert read.replace({("a",): "1", ("arguments", "b"): "2"}) == first


def test_other_character_encodings_are_written_back() -> None:
    read = JsonDocument('{"a":"ü"}'.encode(), decoded=Decoded("", "utf-16-le"))
    assert read.replace({("a",): "ä"}) == '{"a":"ä"}'.encode("utf-16-le")
    with pytest.raises(NotRewritable):
        JsonDocument(b'{"a":"x"}', decoded=Decoded("", "cp1252")).replace({("a",): "日"})


def test_a_deep_tree_is_unreadable_before_its_paths_fill_the_memory() -> None:
    deep: Any = ["x"] * 1_000
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    with pytest.raises(Unreadable, match=r"json\.too_deep"):
        document(deep)


def test_many_changes_in_many_embedded_trees() -> None:
    read = document([{"arguments": '{"a":"x"}'}] * 5_000, "arguments")
    changes = {leaf.path: "y" for leaf in read.leaves() if leaf.text == "x"}
    assert json.loads(read.replace(changes)) == [{"arguments": '{"a":"y"}'}] * 5_000
