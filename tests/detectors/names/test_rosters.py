from __future__ import annotations

import pytest

from promptguard.detectors.names.rosters import find_in_rosters


def names(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sorted(find_in_rosters(text), key=lambda span: span.start)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kettle,Boris,1984-02-03,Leeds", ["Kettle", "Boris"]),
        ("12,Kettle,Boris,1984-02-03\n13,Maynard,Tamsin,1990-11-30", ["Kettle", "Boris", "Maynard", "Tamsin"]),
        ("Boris;Kettle;b.kettle@example.org;+44 20 7946 0958", ["Boris", "Kettle"]),
        ('"Kettle","Boris","b.kettle@example.org"', ["Kettle", "Boris"]),
        ("Please add: Kettle,Boris,03.02.1984", ["Kettle", "Boris"]),
        ("Fenwick\tGloria\t09.05.1966\tBath", ["Fenwick", "Gloria"]),
        ("O'Shea,Niamh,1984-02-03\nvan der Berg,Joost,1979-10-20", ["O'Shea", "Niamh", "van der Berg", "Joost"]),
        ("London,Paris,2024-01-02,120\nBerlin,Madrid,2024-01-03,140", []),
        ("1042,Apple,Green,2024-01-02", []),
        ("Kettle,Boris,nothing,else", []),
        ("AAPL,Apple,2024-01-02,189.3\nMSFT,Microsoft,2024-01-03,370.1", []),
    ],
)
def test_rows_without_headings(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "label", ["From", "To", "Cc", "Von", "An", "De ", "À", "Para", "Da", "A", "Van", "Aan", "Fra", "Til"]
)
def test_heads_of_mails(label: str) -> None:
    assert names(f"{label}: Kettle, Boris\n\nHello") == ["Kettle, Boris"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('To: "Kettle, Boris" <b.kettle@example.org>; Stone, Amina <a@example.org>', ["Kettle, Boris", "Stone, Amina"]),
        ("> An: Fuchs, Annika; Vogel, Jens (extern)", ["Fuchs, Annika", "Vogel, Jens"]),
        ("**From:** Bishop, Clara", ["Bishop, Clara"]),
        ("From: London, England\nTo: Paris, France", []),
        ("To: Sales, Marketing\nFrom: Support, Billing", []),
        ("A: Barcelona, España", []),
    ],
)
def test_lists_in_heads(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon  Kettle Boris   09:00-17:00", ["Kettle Boris"]),
        ("| Tue | late | Bishop Clara |", ["Bishop Clara"]),
        ("09:00 Kettle Boris\n09:30 Odell Priya", ["Kettle Boris", "Odell Priya"]),
        ("Early shift: Kettle Boris, Stone Amina.", ["Kettle Boris", "Stone Amina"]),
        ("Mo. Fuchs Annika 08:00, Di. Vogel Jens 10:00", ["Fuchs Annika", "Vogel Jens"]),
        ("Mon  Team Meeting   09:00-10:00", []),
        ("10:00 Call Boris", []),
        ("Saturday: Roast Chicken, Apple Pie", []),
        ("Kettle Boris", []),
    ],
)
def test_rotas(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please call Castell, O. about it", ["Castell, O."]),
        ("Present: Fenwick, O.; Whitlock, J. R.", ["Fenwick, O.", "Whitlock, J. R."]),
        ("Castell, O. (2019). On roofs. Journal of Slates, 3, pp. 4-9.", []),
        ("We met in London, E. was late", []),
    ],
)
def test_surnames_with_initials(text: str, expected: list[str]) -> None:
    assert names(text) == expected
