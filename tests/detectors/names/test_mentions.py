from __future__ import annotations

import pytest

from promptguard.detectors.names.mentions import MENTIONED, mentions
from promptguard.detectors.names.spans import LOCATION, PERSON, Span


def mentioned(text: str, *names: str, entity_type: str = PERSON) -> list[tuple[int, str]]:
    spans = [Span(text.index(name), text.index(name) + len(name), entity_type, 0.9, "model") for name in names]
    found = mentions(text, spans)
    assert all((span.entity_type, span.score) == (PERSON, MENTIONED) for span in found)
    return [(span.start, text[span.start : span.end]) for span in found]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Anna Kulkarni left. Kulkarni said", ["Anna Kulkarni"], [(20, "Kulkarni")]),
        ("Anna Kulkarni, Kulkarni's and Kulkarnis", ["Anna Kulkarni"], [(15, "Kulkarni"), (30, "Kulkarni")]),
        ("Kulkarni, and Anna Kulkarni", ["Anna Kulkarni"], [(0, "Kulkarni")]),
        ("Anna Kulkarni wrote kulkarni@x.test, KULKARNI, kulkarni and x.Kulkarni()", ["Anna Kulkarni"], []),
        ("Anna Brown saw Brown bears", ["Anna Brown"], []),  # a word
        ("Jack London left London", ["Jack London"], []),  # a place
        ("Kulkarni said. Kulkarni left", [], []),
    ],
)
def test_mentions(text: str, names: list[str], found: list[tuple[int, str]]) -> None:
    assert mentioned(text, *names) == found


def test_what_is_found_already_is_not_found_again() -> None:
    text = "Anna Kulkarni met Kulkarni"
    spans = [Span(0, 13, PERSON, 0.9, "model"), Span(18, 26, PERSON, 0.4, "model")]
    assert mentions(text, spans) == []


def test_a_single_name_and_a_place_are_not_looked_for_again() -> None:
    assert mentioned("Kulkarni said. Then Kulkarni left", "Kulkarni") == []
    assert mentioned("Anna Kulkarni Square. Kulkarni", "Anna Kulkarni", entity_type=LOCATION) == []


def test_surnames_only() -> None:
    text = "Jonas Vormholz wrote. Jonas called; Vormholz is here."
    full = Span(0, 14, PERSON, 1.0, "NamesRecognizer")
    found = mentions(text, [full], surnames_only=True)
    assert [text[span.start : span.end] for span in found] == ["Vormholz"]
