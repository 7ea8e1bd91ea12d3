from __future__ import annotations

import re

import pytest

from promptguard.detectors.names.name_edges import ends_sentence, within_edges, without_footnote


@pytest.mark.parametrize(
    ("word", "gap", "ends"),
    [
        ("Juli", ". ", True),
        ("Ian", ". ", True),
        ("Hatch", ". ", True),
        ("St", ". ", False),
        ("Prof", ". ", False),
        ("J", ". ", False),
        ("Juli", " ", False),
        ("Juli", ".", False),
    ],
)
def test_ends_sentence(word: str, gap: str, ends: bool) -> None:
    assert ends_sentence(word, gap) is ends


@pytest.mark.parametrize(
    ("content", "length"), [("Jane Example3", 1), ("Jane Example12", 2), ("user3", 0), ("Jane Example", 0)]
)
def test_without_footnote(content: str, length: int) -> None:
    assert without_footnote(content) == length


@pytest.mark.parametrize(
    ("text", "run", "kept"),
    [
        ("Gov. Jane Example spoke", "Gov. Jane Example", "Jane Example"),
        ("former New York Mayor Jane Example", "New York Mayor Jane Example", "Jane Example"),
        ("Bürgermeister Max Beispiel", "Bürgermeister Max Beispiel", "Max Beispiel"),
        ("Segundo Zorblax, a casa é do povo e não para nós", "Segundo Zorblax", "Zorblax"),
        ("Cuando Jane Example llegó a la casa de su hijo", "Cuando Jane Example", "Jane Example"),
        ("Segundo Zorblax called the office", "Segundo Zorblax", "Segundo Zorblax"),
        ("Hanno Zorblax ha chiamato per la casa", "Hanno Zorblax", "Hanno Zorblax"),
        ("Revisione: Jane Example Traduzione: Max e il resto", "Jane Example Traduzione", "Jane Example"),
        ("Jane Example", "Jane Example", "Jane Example"),
        ("booked by I Made Example", "I Made Example", "I Made Example"),
        ("Frau", "Frau", "Frau"),
        ("Van Example rief an", "Van Example", "Van Example"),
        ("Klacht van Joost van Dijk: de router is stuk", "Joost van Dijk", "Joost van Dijk"),
    ],
)
def test_within_edges(text: str, run: str, kept: str) -> None:
    start = text.index(run)
    words = [match.span() for match in re.finditer(r"\w+", text) if start <= match.start() < start + len(run)]
    found = within_edges(text, words, lambda span: span)
    assert text[found[0][0] : found[-1][1]] == kept
