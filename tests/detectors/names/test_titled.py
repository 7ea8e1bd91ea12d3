from __future__ import annotations

import re

import pytest

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.titled import TITLED, with_titled_names


def titled(text: str) -> list[str]:
    """The words that are judged to be of persons, which the model holds for places."""
    words = [Word(match.start(), match.end(), 0.0, 0.9, "CITY") for match in re.finditer(r"[^\W_]+|[^\w\s]|_", text)]
    judged = with_titled_names(text, words)
    assert all(word.location == 0 for word in judged if word.person == TITLED)
    return [text[word.start : word.end] for word in judged if word.person == TITLED]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("af overlæge Christoffersen på", ["Christoffersen"]),
        ("Naboen Rønne har nøglen", ["Rønne"]),
        ("un tal Muñoz, ha cerrado", ["Muñoz"]),
        ("un certain Requena, a coupé", ["Requena"]),
        ("ein gewisser Trautwein hat", ["Trautwein"]),
        ("La carte de M. de la Tour a été", ["de", "la", "Tour"]),
        ("mijn zus Gijs van Beek om", ["Gijs", "van", "Beek"]),
        ("mon mari Paweł ?", ["Paweł"]),
        ("la Dra. García López dice", ["García", "López"]),
        ("Sig.ra Maria-Pia Rossi", ["Maria", "-", "Pia", "Rossi"]),
        ("Nachbarin Schäuffele Termin", ["Schäuffele"]),  # nouns are written like names
        ("Mme DUPONT", []),  # an acronym, as far as one can see
        ("un certain nombre", []),
        ("un certain Time", []),
        ("mon mari est parti", []),
        ("overlæge\nChristoffersen", []),
        ("mail@fru Anna", []),
        ("fru", []),
        ("M. de", []),
    ],
)
def test_titled_names(text: str, names: list[str]) -> None:
    assert titled(text) == names
