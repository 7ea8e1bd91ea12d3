from __future__ import annotations

import unicodedata

import pytest

from promptguard.detectors.names.lexicon.sentence_words import (
    calendar,
    figures,
    function_words,
    language_of,
    names_that_begin_sentences,
    peoples,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The order of the customer is late", "en"),
        ("Die Bestellung ist noch nicht da", "de"),
        ("La commande du client est en retard pour la semaine", "fr"),
        ("Il cliente non è in casa", "it"),
        ("Het pakket is niet bij de klant", "nl"),
        ("O cliente não está em casa", "pt"),
        ("Zorblax", ""),
        ("", ""),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language


def test_lists_hold_words_in_the_form_they_are_looked_up() -> None:
    lists = [calendar(), figures(), peoples(), *names_that_begin_sentences().values()]
    words = {word for listed in lists for word in listed}
    assert all(word == unicodedata.normalize("NFC", word.lower()) for word in words)


def test_languages_are_covered_ones() -> None:
    assert set(names_that_begin_sentences()) <= set(function_words())
