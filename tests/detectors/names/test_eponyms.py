from __future__ import annotations

import pytest

from promptguard.detectors.names.eponyms import is_eponym


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zorblax's Law: nothing works", "Zorblax"),
        ("Zorblax's First Corollary", "Zorblax"),
        ("nach Zorblax' Gesetz", "Zorblax"),
        ("Murphys Gesetz", "Murphy"),
        ("an der Duchenne-Muskeldystrophie", "Duchenne"),
        ("la loi de Zipf", "Zipf"),
        ("le théorème d'Ohm", "Ohm"),
        ("la ley de Murphy", "Murphy"),
        ("Osservazione di Zorblax:", "Zorblax"),
        ("de wet van Zipf", "Zipf"),
        ("a síndrome de Gilbertoni", "Gilbertoni"),
        ("see John 11:43", "John"),
        ("Lettera ai Galati, VI, 3"[:18] + " VI, 3", "Galati"),
    ],
)
def test_eponyms(text: str, name: str) -> None:
    start = text.index(name)
    assert is_eponym(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Giulia's discovery of the mistake", "Giulia"),
        ("l'osservazione di Giulia", "Giulia"),
        ("Maria's number is 5", "Maria"),
        ("Call John at 11:43", "John"),
        ("John 555-0100", "John"),
        ("the Zorblax account", "Zorblax"),
        ("Zorblax's laptop breaks the law", "Zorblax"),
        ("Frau Zorblax-Weber", "Zorblax"),
        ("Jane Roe's test results", "Jane Roe"),
    ],
)
def test_persons(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_eponym(text, start, start + len(name))
