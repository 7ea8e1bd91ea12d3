"""Places that nothing ties to anybody."""

from __future__ import annotations

import pytest

from promptguard.detectors.names.bare_places import is_bare, without_bare_places
from promptguard.detectors.names.spans import LOCATION, PERSON, Span


@pytest.mark.parametrize(
    ("content", "bare"),
    [
        ("Lyon", True),
        ("Lyon, France", True),
        ("San Sebastián", True),
        ("Lyon and Turin", True),
        ("Bavaria (Germany)", True),
        ("LYON", True),
        ("12 Lyon", False),
        ("Lyon 69003", False),
        ("rue de Lyon", False),
        ("Villa Unheard Of", False),
        ("LyonTech", False),
    ],
)
def test_what_is_nothing_but_a_place(content: str, bare: bool) -> None:
    assert is_bare(content) is bare


def _kept(text: str, *found: tuple[str, str]) -> list[str]:
    spans = [
        Span(text.index(content), text.index(content) + len(content), kind, 0.9, "test") for content, kind in found
    ]
    return [text[span.start : span.end] for span in without_bare_places(text, spans)]


@pytest.mark.parametrize(
    "text",
    [
        "Write a job ad for a barista in Lyon.",
        "Which passes do I need for trains in Lyon?",
        "Rédige une fiche de poste pour un comptable à Lyon.",
        "Escribe un plan de marketing para una panadería en Lyon.",
        "Organizza un fine settimana a Lyon con i bambini.",
        "Wat moet ik zien in Lyon?",
        "Welche Öffnungszeiten gelten in Lyon?",
    ],
)
def test_a_place_that_is_only_spoken_of_is_none(text: str) -> None:
    assert _kept(text, ("Lyon", LOCATION)) == []


@pytest.mark.parametrize(
    "text",
    [
        "my sister has a flat in Lyon",
        "The client complained about the shop in Lyon again.",
        "Die Mandantin ist gerade in Lyon.",
    ],
)
def test_a_place_in_a_sentence_about_somebody_is_one(text: str) -> None:
    assert _kept(text, ("Lyon", LOCATION)) == ["Lyon"]


def test_a_place_near_a_person_is_one() -> None:
    text = "Ana Roe, 34, fell ill. The office in Lyon was closed. " + "No news. " * 40 + "Turin."
    found = _kept(text, ("Ana Roe", PERSON), ("Lyon", LOCATION), ("Turin", LOCATION))
    assert found == ["Ana Roe", "Lyon"]


def test_an_address_is_one_without_anybody() -> None:
    text = "Deliver to rue de Lyon 12, Paris."
    assert _kept(text, ("rue de Lyon 12, Paris", LOCATION)) == ["rue de Lyon 12, Paris"]
