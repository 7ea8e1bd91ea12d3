from __future__ import annotations

import pytest

from promptguard.detectors.names.whole_names import beginning_of_name, end_of_name, with_surname


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("Ask Jane K. Example.", "Jane", "Jane K. Example"),
        ("Ask Jane A. P. Example", "Jane", "Jane A. P. Example"),
        ("Ask Jane K. example", "Jane", "Jane"),
        ("Patrick (Petriko) Example wrote", "Patrick", "Patrick (Petriko) Example"),
        ("Andrea `Zuse' Example wrote", "Andrea", "Andrea `Zuse' Example"),
        ('Max "The Hat" van Example', "Max", 'Max "The Hat" van Example'),
        ("Jane (our boss) wrote", "Jane", "Jane"),
        ("Robert Example Jr. wrote", "Robert Example", "Robert Example Jr."),
        ("I met Robert Example Jr.", "Robert Example", "Robert Example Jr"),
        ("Jane Example, PhD, MD", "Jane Example", "Jane Example, PhD, MD"),
        ("Jane Example III", "Jane Example", "Jane Example III"),
        ("Jane MD", "Jane", "Jane"),
        ("Jane Example MDX", "Jane Example", "Jane Example"),
        ("Jane USB Serial", "Jane", "Jane"),
    ],
)
def test_end_of_name(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : end_of_name(text, start, start + len(found))] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("WHEREAS, the landlord Małgorzata Sikora owns it", "Sikora", "Małgorzata Sikora"),
        ("This letter is about Dirkje van den Berg, whom you have seen with us", "van den Berg", "Dirkje van den Berg"),
        ("Egregio dottor Lo Cascio, come va", "Cascio", "Lo Cascio"),
        ("Mit freundlichen Grüßen an die Anna Roeder", "Roeder", "Anna Roeder"),
        ("Der Kollege Matsuzaki hat das getauscht", "Matsuzaki", "Matsuzaki"),
        ("Onze buurvrouw is niet de Buurvrouw Obaseki", "Obaseki", "Obaseki"),
        ("Ciao Harpreetova, il nuovo indirizzo è qui", "Harpreetova", "Harpreetova"),
        ("The Policyholder Zorblax of the house", "Zorblax", "Zorblax"),
        ("We met in Lisbon Zorblax and others", "Zorblax", "Zorblax"),
        ("Tomorrow Zorblax will call", "Zorblax", "Zorblax"),
        ("We saw Jane Anna come", "Anna", "Anna"),
        ("ask @Dirkje Zorblax for it", "Zorblax", "Zorblax"),
    ],
)
def test_beginning_of_name(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    end = start + len(found)
    assert text[beginning_of_name(text, start, end) : end] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("mit Frau Solène Quéméneur besprochen", "Solène", "Solène Quéméneur"),
        ("Darf ich Heike Niemöller kündigen", "Heike", "Heike Niemöller"),
        ("Ask Jane Monday", "Jane", "Jane"),
        ("Ask Jane Lisbon", "Jane", "Jane"),
        ("Ask Jane Please", "Jane", "Jane"),
        ("Jane Zorblax Ltd sells", "Jane", "Jane"),
        ("Jane Zorblax(3)", "Jane", "Jane"),
        ("Jane Example and Niemöller", "Jane Example", "Jane Example"),
        ("jane niemöller", "jane", "jane"),
    ],
)
def test_with_surname(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : with_surname(text, start, start + len(found))] == whole
