from __future__ import annotations

import pytest

from promptguard.detectors.names.lexicon.word_table import WordTable, is_word_beyond_english


@pytest.mark.parametrize("word", ["a", "bücher", "m", "z", "zé"])
def test_words_that_are_there(word: str) -> None:
    assert word in WordTable("a\nbücher\nm\nz\nzé\n".encode())


@pytest.mark.parametrize("word", ["", "b", "bücherei", "bü", "zz", "\ud800"])
def test_words_that_are_not(word: str) -> None:
    assert word not in WordTable("a\nbücher\nm\nz\nzé\n".encode())


def test_empty() -> None:
    assert "a" not in WordTable(b"")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("bücher", True),
        ("anhang", True),
        ("câmara", False),
        ("traduzione", True),
        ("zorblax", False),
        ("müller", False),
    ],
)
def test_shipped(word: str, known: bool) -> None:
    assert is_word_beyond_english(word) is known
