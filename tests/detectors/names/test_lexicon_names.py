from __future__ import annotations

import re

import pytest

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.lexicon_names import HALF_LISTED, LISTED, with_listed_names


def listed(text: str, locations: dict[str, float], score: float = LISTED) -> list[str]:
    """The words that are judged to be of persons, which the model holds for impossible."""
    words = [
        Word(match.start(), match.end(), 0.0, locations.get(match[0], 0.0), "O")
        for match in re.finditer(r"[^\W_]+|[^\w\s]|_", text)
    ]
    return [text[word.start : word.end] for word in with_listed_names(text, words) if word.person == score]


@pytest.mark.parametrize(
    ("text", "locations", "names"),
    [
        ("Ask Anna Johansson today", {}, ["Anna", "Johansson"]),
        ("Ask Anna-Lena Johansson today", {}, ["Anna", "-", "Lena", "Johansson"]),
        ("Ask Anna K. Johansson today", {}, ["Anna", "K", ".", "Johansson"]),
        ("Ask Pieter van der Jansen today", {}, ["Pieter", "van", "der", "Jansen"]),
        ("Ask María García López today", {}, ["María", "García", "López"]),
        ("Ask anna johansson today", {}, []),
        ("Ask Anna today", {}, []),
        ("Ask Anna, Johansson and others", {}, []),
        ("Ask Anna\nJohansson", {}, []),
        ("Rose Miller Mark", {}, []),  # words, all of them
        ("Der Mann", {}, []),
        ("Sierra Leone", {}, []),
        ("Carlos Gomez Street", {"Street": 0.9}, []),
        ("Via Maria Bianchi 5", {"Via": 0.9, "5": 0.9}, []),
        ("Maria Bianchi, Via Roma 5", {"Maria": 0.9, "Bianchi": 0.9, "Via": 0.9}, ["Maria", "Bianchi"]),
        ("Maria Bianchi\nVia Roma 5", {"Maria": 0.9, "Bianchi": 0.9, "Via": 0.9}, ["Maria", "Bianchi"]),
    ],
)
def test_listed_names(text: str, locations: dict[str, float], names: list[str]) -> None:
    assert listed(text, locations) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ask Anna Zorblaxen today", ["Anna", "Zorblaxen"]),
        ("Ask Pieter van Beek today", ["Pieter", "van", "Beek"]),
        ("Ask Anna London today", []),  # a place, and no particle before it
        ("Ask Anna Wednesday", []),  # a word
        ("Ask Anna zorblaxen today", []),
        ("Ask Anna ZORBLAXEN today", []),
        ("Ask Anna, Zorblaxen", []),
        ("Das ist für die Anna Zorblaxen und mich", []),  # German writes nouns like names
    ],
)
def test_a_given_name_and_what_can_be_nothing_but_a_surname(text: str, names: list[str]) -> None:
    assert listed(text, {}, HALF_LISTED) == names
