"""Lists and columns of what is not people, but called like them."""

from __future__ import annotations

import pytest

from promptguard.detectors.names.headed_lists import MIN_HEADED, without_other_entries
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

FIRMS = ["Henkel", "Henry Schein", "Marsh Mercer", "Dürr", "Yves Rocher", "Goldman Sachs"]
PEOPLE = ["Anna Roth", "Boris Kettle", "Clara Voss", "Dmitri Orlov", "Elena Rossi", "Farid Haddad"]


def _kept(text: str, *found: str, kind: str = PERSON) -> list[str]:
    spans = [Span(text.index(each), text.index(each) + len(each), kind, 0.9, "test") for each in found]
    spans.sort(key=lambda span: span.start)
    return [text[span.start : span.end] for span in without_other_entries(text, spans)]


@pytest.mark.parametrize(
    "text",
    [
        "Companies: " + ", ".join(FIRMS),
        "Sort these suppliers by size: " + ", ".join(FIRMS),
        "Which of these banks are listed?\n" + "\n".join(f"- {firm}" for firm in FIRMS),
        "Unsere Lieferanten\n" + "\n".join(f"{number}. {firm}" for number, firm in enumerate(FIRMS, 1)),
        "Nos fournisseurs\n" + "\n".join(FIRMS),
        "company,revenue\n" + "\n".join(f"{firm},{len(firm)}" for firm in FIRMS),
        "Firma;Umsatz\n" + "\n".join(f"{firm};{len(firm)}" for firm in FIRMS),
        "| Supplier name | Country |\n|---|---|\n" + "\n".join(f"| {firm} | DE |" for firm in FIRMS),
        "Classify\n" + "\n".join(f"{firm}\t{firm.split()[0].lower()}.com" for firm in FIRMS if firm != "Dürr"),
    ],
)
def test_a_list_of_companies(text: str) -> None:
    assert _kept(text, *(firm for firm in FIRMS if firm in text)) == []


def test_legal_forms_say_so_of_all_but_what_begins_with_a_given_name() -> None:
    """People and companies may take turns in a list."""
    listed = "Sort: Henkel GmbH, Dürr AG, Henry Schein, Marsh, Roeder, Goldman, Anna Roth"
    assert _kept(listed, "Henkel", "Dürr", "Henry Schein", "Marsh", "Roeder", "Anna Roth") == [
        "Henry Schein",
        "Anna Roth",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Which shelves fit: Billy, Kallax or Ivar?", ["Billy", "Ivar"]),
        ("Rank the following universities.\nPrinceton, Stanford, UW, Cornell", ["Stanford", "Cornell"]),
        ("Visit cities such as Florence, Charlotte, Bern and Oslo", ["Florence", "Charlotte"]),
        ("Pays et capitales\n- Paris\n- Sofia\n- Riga", ["Paris", "Sofia"]),
    ],
)
def test_a_list_of_things(text: str, found: list[str]) -> None:
    assert _kept(text, *found) == []


@pytest.mark.parametrize(
    "text",
    [
        "I sold books to Roeder, Marsh and Dürr",
        "The following books by: Roeder, Marsh, Dürr",
        "These books are for\nRoeder\nMarsh\nDürr",
        "Countries of our employees: Roeder, Marsh, Dürr",
        "Ask Roeder, Marsh and Dürr about books",
        "We make products. Roeder, Marsh, Dürr",
        "Of the films, from left: Roeder, Marsh, Dürr",
    ],
)
def test_what_is_told_of_things_is_no_list_of_them(text: str) -> None:
    assert _kept(text, "Roeder", "Marsh", "Dürr") == ["Roeder", "Marsh", "Dürr"]


@pytest.mark.parametrize(
    "text",
    [
        "Attending: " + ", ".join(PEOPLE),
        "Our suppliers' contacts: " + ", ".join(PEOPLE),
        "Contact persons of these companies\n" + "\n".join(PEOPLE),
        "The staff of the company\n" + "\n".join(f"- {each}" for each in PEOPLE),
        "contact,company\n" + "\n".join(f"{each},Acme Ltd" for each in PEOPLE),
        "company,contact\n" + "\n".join(f"Acme Ltd,{each}" for each in PEOPLE),
        "Firma;Ort\n" + "\n".join(f"{each};Köln" for each in PEOPLE),
        "\n".join(f"{each}, Acme Ltd" for each in PEOPLE),
        "\n".join(f"{each}  {each.split()[0].lower()}@acme.test" for each in PEOPLE),
        ", ".join(f"{each}, Acme Ltd" for each in PEOPLE),
        "Sole traders among our suppliers:\n" + "\n".join(PEOPLE),
        "We asked companies. " + "\n".join(PEOPLE[: MIN_HEADED - 1]),
    ],
)
def test_a_list_of_people(text: str) -> None:
    people = [each for each in PEOPLE if each in text]
    assert _kept(text, *people) == people


def test_places_go_with_them_where_the_heading_says_so() -> None:
    text = "Companies: Henkel, Dürr, Marsh, Roeder, Rockwell"
    spans = [Span(text.index(each), text.index(each) + 5, PERSON, 0.9, "test") for each in ("Henke", "Marsh")]
    place = Span(text.index("Rockwell"), len(text), LOCATION, 0.9, "test")
    assert without_other_entries(text, [*spans, place]) == []
    assert without_other_entries(text, [place]) == [place], "without a person there is nothing to judge"


def test_what_is_beside_a_list_stays() -> None:
    text = "Companies: " + ", ".join(FIRMS) + ".\nWrite to Anna Roth, Springfield."
    assert _kept(text, "Henkel", "Dürr", "Anna Roth") == ["Anna Roth"]
