from __future__ import annotations

import pytest

from promptguard.detectors.names.word_forms import is_other_word


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("schlief ich am Lenkrad ein und die Fahrt war", "Lenkrad"),
        ("according to the Zorblax of that time", "Zorblax"),
        ("Zorblación de las cosas que son para el uso", "Zorblación"),
        ("le module Nagios est là", "Nagios"),
        ("nicht in Solaris", "Solaris"),
        ("the name MUD was taken", "MUD"),
        ("Zorblò la casa che non è", "Zorblò"),
    ],
)
def test_other_words(text: str, name: str) -> None:
    start = text.index(name)
    assert is_other_word(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ask Zorblax about it", "Zorblax"),
        ("the Schneider account of the customer", "Schneider"),
        ("SCHNEIDER is late", "SCHNEIDER"),
        ("Nicolò non è in casa e la", "Nicolò"),
        ("o Zorblax não está em casa", "Zorblax"),
        ("mit Zorblax und der Firma", "Zorblax"),
    ],
)
def test_names(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_other_word(text, start, start + len(name))
