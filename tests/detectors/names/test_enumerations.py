import pytest

from promptguard.detectors.names.enumerations import MIN_ENTRIES, without_listed_things
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

TYPEFACES = (
    "Fonts: Archivo Black, Asul, Barlow, Castoro, Chivo, Cinzel, Cossette Texte, Courier Prime, Explora, Hedvig Serif,"
    " Instrument Serif, Lexend, Martian Mono, Mulish, Radley, Young Serif."
)
COMPANIES = "Siemens, Bosch, Continental, Henkel, Merck, Bayer, Allianz, Telekom, Infineon, Porsche, Adidas, Puma"
PEOPLE = (
    "Anna Roth, Boris Kettle, Clara Voss, Dmitri Orlov, Elena Rossi, Farid Haddad, Greta Olsen, Hiro Mori, Ines Roux"
)


def spans(text: str, *found: str, entity_type: str = PERSON) -> list[Span]:
    return [Span(text.index(each), text.index(each) + len(each), entity_type, 0.7, "judge") for each in found]


@pytest.mark.parametrize(
    ("text", "found", "kept"),
    [
        (TYPEFACES, ["Cossette Texte", "Hedvig Serif", "Young Serif"], []),
        (f"{TYPEFACES} Write to Boris Kettle.", ["Hedvig Serif", "Boris Kettle"], ["Boris Kettle"]),
        (f"{COMPANIES}, Anna Schmidt, Merz", ["Bosch", "Anna Schmidt", "Merz"], ["Anna Schmidt"]),
        (
            f"{PEOPLE}, Rotterdam, Lisbon and Oslo",
            ["Anna Roth", "Elena Rossi", "Hiro Mori", "Greta Olsen", "Ines Roux"],
            5,
        ),
        ("Bosch, Merz, Porsche", ["Bosch", "Merz"], 2),
    ],
)
def test_of_a_list_of_things_full_names_alone_are_kept(text: str, found: list[str], kept: list[str] | int) -> None:
    remaining = [text[span.start : span.end] for span in without_listed_things(text, spans(text, *found))]
    assert remaining == (found[:kept] if isinstance(kept, int) else kept)


def test_places_in_it_go_with_the_persons() -> None:
    text = f"{COMPANIES}, Merz, Elk Grove"
    found = [*spans(text, "Merz"), *spans(text, "Elk Grove", entity_type=LOCATION)]
    assert without_listed_things(text, found) == []
    assert without_listed_things(text, found[1:]) == found[1:], "without a person in it there is nothing to judge by"


@pytest.mark.parametrize("entries", [MIN_ENTRIES - 1, MIN_ENTRIES])
def test_how_long_a_list_has_to_be(entries: int) -> None:
    text = ", ".join(["Merz", *["Bosch"] * (entries - 1)])
    assert bool(without_listed_things(text, spans(text, "Merz"))) is (entries < MIN_ENTRIES)


def test_many_lists_and_long_ones_are_judged_apart() -> None:
    """Each by its own entries."""
    things = ", ".join(["Merz", *["Bosch"] * (3 * MIN_ENTRIES)])
    text = f"{things}.\n{PEOPLE}, Rotterdam, Lisbon and Oslo.\n{things}."
    found = [Span(at, at + 4, PERSON, 0.7, "judge") for at in range(len(text)) if text.startswith("Merz", at)] + spans(
        text, "Anna Roth", "Elena Rossi", "Hiro Mori", "Greta Olsen", "Ines Roux"
    )
    kept = [text[span.start : span.end] for span in without_listed_things(text, found)]
    assert sorted(kept) == ["Anna Roth", "Elena Rossi", "Greta Olsen", "Hiro Mori", "Ines Roux"]
