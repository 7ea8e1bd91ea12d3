from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.errors import NotRewritable
from promptguard.model import File, Role
from promptguard.wire.documents.form import DECODED, FormDocument, looks_like_form
from promptguard.wire.documents.interface import NAME

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
def test_every_value_is_a_leaf(pairs: list[tuple[str, str]]) -> None:
    read = FormDocument(urlencode(pairs))
    assert [leaf.text for leaf in read.leaves() if leaf.role is None] == [value for _, value in pairs if value]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1), st.data())
def test_replacing_one_value_changes_only_it(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    read = FormDocument(urlencode(pairs))
    leaves = [leaf for leaf in read.leaves() if leaf.role is None]
    if not leaves:
        return
    path = data.draw(st.sampled_from(leaves)).path
    number = path[0]
    assert isinstance(number, int)
    expected = [*pairs]
    expected[number] = (pairs[number][0], "[E] & co = 100% + ü")
    written = read.replace({path: "[E] & co = 100% + ü"}).decode()
    assert parse_qsl(written, keep_blank_values=True) == expected


def test_other_pairs_stay_as_they_were_written() -> None:
    read = FormDocument("a=%7e~&&b=x+y&c&=d&e=%zz&f=old")
    assert read.replace({(6,): "new"}) == b"a=%7e~&&b=x+y&c&=d&e=%zz&f=new"
    assert [leaf.text for leaf in read.leaves() if leaf.role is None] == ["~~", "x y", "d", "%zz", "old"]


def test_names_are_leaves_too() -> None:
    read = FormDocument("jo%40example.org=1&prompt=x")
    leaf = read.leaves()[0]
    assert (leaf.path, leaf.text, leaf.role) == ((0, NAME), "jo@example.org", Role.KEY)
    assert read.replace({leaf.path: "[E]", (1,): "y"}) == b"%5BE%5D=1&prompt=y"


def test_labels() -> None:
    assert [leaf.label for leaf in FormDocument("password=x&text=y").leaves() if leaf.role is None] == ["password", ""]


def test_bytes_that_are_no_utf8_are_still_seen() -> None:
    assert FormDocument("prompt=secret%FFword").leaves()[0].text == "secretÿword"


def test_json_source_in_a_value() -> None:
    inner = json.dumps([None, json.dumps([["my prompt"]])])
    read = FormDocument(urlencode({"f.req": inner, "at": "token"}), frozenset({"f.req"}))
    path = (0, 1, 0, 0)
    assert {leaf.path: leaf.text for leaf in read.leaves()}[path] == "my prompt"
    written = dict(parse_qsl(read.replace({path: "[X]"}).decode()))
    assert json.loads(json.loads(written["f.req"])[1]) == [["[X]"]]
    assert written["at"] == "token"


def test_skipped_names() -> None:
    assert FormDocument("key=secret&q=x", skip=frozenset({"key"})).leaves()[-1].text == "x"
    assert len(FormDocument("key=secret", skip=frozenset({"key"})).leaves()) == 0


def test_a_file_in_a_value() -> None:
    data = b"%PDF-1.7" + bytes(90)
    document = FormDocument(urlencode({"a": "b", "FileBase64": base64.b64encode(data).decode()}))
    assert document.files() == [File((1,), data)]
    assert "b" in [leaf.text for leaf in document.leaves()]


@pytest.mark.parametrize("path", [(), (9,), ("a",), (1,), (-1,)])
def test_unknown_paths(path: tuple[str | int, ...]) -> None:
    with pytest.raises(NotRewritable):
        FormDocument("a=1&b=").replace({path: "x"})


@pytest.mark.parametrize("value", ["call Anna, 50% of R+D", 'f "Anna" %41', "Anna ü"])
def test_a_value_that_was_not_encoded_is_written_as_it_stands(value: str) -> None:
    read = FormDocument(f"a=%41&text={value}&b=c+d")
    assert (1,) in [leaf.path for leaf in read.leaves() if leaf.text == value]
    assert read.replace({(1,): value}).decode() == f"a=%41&text={value}&b=c+d"
    changes = {leaf.path: leaf.text.replace("Anna", "[P_1]") for leaf in read.leaves() if "Anna" in leaf.text}
    assert read.replace(changes).decode() == f"a=%41&text={value.replace('Anna', '[P_1]')}&b=c+d"


def test_a_value_that_was_not_encoded_is_read_in_both_ways() -> None:
    read = FormDocument("text=my card 4111+1111+1111+1111")
    assert [(leaf.path, leaf.text) for leaf in read.leaves()] == [
        ((0,), "my card 4111+1111+1111+1111"),
        ((0, DECODED), "my card 4111 1111 1111 1111"),
    ]
    with pytest.raises(NotRewritable):
        read.replace({(0, DECODED): "my card [CARD]"})
    with pytest.raises(NotRewritable):
        read.replace({(0,): "a&b"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("prompt=a+b", True),
        ("prompt=a b\n", True),
        ("a%5B0%5D=b", True),
        ("a&b=c", True),
        ("prompt=a\nb", False),
        ("hello", False),
        ("hello world = x", False),
        ("", False),
    ],
)
def test_what_looks_like_a_form(source: str, expected: bool) -> None:
    assert looks_like_form(source) is expected
