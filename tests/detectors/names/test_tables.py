"""What the names model is shown of tables."""

import pytest

from promptguard.detectors.deobfuscation.tables import tables
from promptguard.detectors.names.spans import LOCATION, PERSON
from promptguard.detectors.names.tables import TableReading, entity_type_of, extent


def reading(text: str) -> TableReading:
    return TableReading(text, tables(text))


def located(text: str, read: str, entity_type: str) -> tuple[str, str] | None:
    """What a finding of `read` in the reading of `text` is in the text."""
    table = reading(text)
    start = table.text.index(read)
    found = table.locate(start, start + len(read), entity_type)
    return (text[found[0] : found[1]], found[2]) if found else None


PEOPLE = 'id;Customer;city;notes\n1;"de la Meyer, Anna-Maria";Delft;likes Rome\n2;Bob O\'Hara;Rome, Italy;1.234,56\n'


def test_cells_with_words_stand_after_their_headings() -> None:
    assert [line for line in reading(PEOPLE).text.splitlines() if line] == [
        "Customer: Anna-Maria de la Meyer", "city: Delft", "notes: likes Rome",
        "Customer: Bob O'Hara", "city: Rome, Italy",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("read", "said", "written", "entity_type"),
    [
        ("Anna-Maria de la Meyer", PERSON, "de la Meyer, Anna-Maria", PERSON),
        ("Anna-Maria", PERSON, "de la Meyer, Anna-Maria", PERSON),
        ("Meyer", LOCATION, "de la Meyer, Anna-Maria", PERSON),
        ("Bob", PERSON, "Bob O'Hara", PERSON),
        ("Delft", PERSON, "Delft", LOCATION),
        ("Rome, Italy", LOCATION, "Rome, Italy", LOCATION),
        ("likes Rome", LOCATION, "likes Rome", LOCATION),
        ("Customer: Bob", PERSON, "Bob O'Hara", PERSON),
    ],
)
def test_headings_say_what_a_name_is(read: str, said: str, written: str, entity_type: str) -> None:
    assert located(PEOPLE, read, said) == (written, entity_type)


def test_headings_are_no_findings() -> None:
    assert located(PEOPLE, "Customer", PERSON) is None


@pytest.mark.parametrize(
    ("heading", "entity_type"),
    [
        ("Customer", PERSON),
        ("last_name", PERSON),
        ("Kunde", PERSON),
        ("Nachname", PERSON),
        ("prénom", PERSON),
        ("nombre", PERSON),
        ("cognome", PERSON),
        ("klant", PERSON),
        ("navn", PERSON),
        ("created by user", PERSON),
        ("city", LOCATION),
        ("City name", LOCATION),
        ("Wohnort", LOCATION),
        ("ville", LOCATION),
        ("dirección", LOCATION),
        ("città", LOCATION),
        ("plaats", LOCATION),
        ("by", LOCATION),
        ("file name", ""),
        ("user id", ""),
        ("Kundennummer", ""),
        ("balance", ""),
    ],
)
def test_headings(heading: str, entity_type: str) -> None:
    assert entity_type_of(heading) == entity_type


@pytest.mark.parametrize(
    ("text", "headed"),
    [
        ("name;x\nAnna;a\nBob;b", True),
        ("| foo | bar |\n|---|---|\n| a | b |", True),
        ("Anna;Rome\nBob;Oslo\nEve;Bonn", False),
    ],
)
def test_headings_are_looked_at_unless_they_are_sure_to_be_some(text: str, headed: bool) -> None:
    (table,) = tables(text)
    assert extent(table) == (0 if headed else table.start, len(text))
