from __future__ import annotations

import pytest

from promptguard.errors import NotRewritable
from promptguard.model import Role
from promptguard.wire.documents.charsets import Decoded
from promptguard.wire.documents.text import TextDocument


def test_one_leaf() -> None:
    leaf = TextDocument(Decoded("hello", "utf-8"), Role.FILE).leaves()[0]
    assert (leaf.path, leaf.text, leaf.role) == ((), "hello", Role.FILE)


def test_empty_text_has_no_leaf() -> None:
    assert TextDocument(Decoded("", "utf-8")).leaves() == []


def test_replaces_in_the_same_character_encoding() -> None:
    assert TextDocument(Decoded("hello", "utf-16-le")).replace({(): "ü"}) == "ü".encode("utf-16-le")
    assert TextDocument(Decoded("hello", "utf-8")).replace({}) == b"hello"


def test_not_rewritable() -> None:
    with pytest.raises(NotRewritable):
        TextDocument(Decoded("hello", "cp1252")).replace({(): "日本"})
    with pytest.raises(NotRewritable):
        TextDocument(Decoded("hello", "utf-8")).replace({("a",): "x"})
