from __future__ import annotations

import unicodedata

import pytest

from promptguard.detectors.names.lexicon import lexicon, read_words


@pytest.mark.parametrize(
    ("word", "plain"),
    [("table", True), ("Table", True), ("jane", False), ("graves", True), ("Graves", False), ("zorblax", False)],
)
def test_is_plain(word: str, plain: bool) -> None:
    assert lexicon().is_plain(word) is plain


@pytest.mark.parametrize("name", ["given_names", "surnames", "common_words"])
def test_lists_hold_words_in_the_form_they_are_looked_up(name: str) -> None:
    words = read_words(name)
    assert len(words) > 20_000
    assert all(word == unicodedata.normalize("NFC", word.lower()) for word in words)


@pytest.mark.parametrize("name", ["anna", "jürgen", "françois", "zoë", "søren", "giuseppe", "lucía", "mette"])
def test_names_of_the_models_languages_are_there(name: str) -> None:
    assert name in lexicon().given_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Claude", True),
        ("Claude Opus", True),
        ("Claude Code", True),
        ("Gemini CLI", True),
        ("Jenkins pipeline", True),
        ("Mistral", True),
        ("Cassandra Miller", False),
        ("Claude Dubois", False),
        ("Anna", False),
        ("Table", False),
    ],
)
def test_products_that_are_called_like_people(name: str, expected: bool) -> None:
    assert lexicon().names_no_person(name.split()) is expected
