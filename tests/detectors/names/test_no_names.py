from __future__ import annotations

import pytest

from promptguard.detectors.names.no_names import is_no_name, is_no_place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Es sprach der alte Frosch und die Lage ist ernst", "Frosch"),
        ("Siehe den Anhang auf der Seite", "Anhang"),
        ("Hanno lavorato per la banca che non è aperta", "Hanno"),
        ("Ken je de film van gisteren? Hou je van muziek", "Ken"),
        ("Ken je de film van gisteren? Hou je van muziek", "Hou"),
        ("Uma pessoa que não está em casa", "Uma"),
        ("a Texan in England", "Texan"),
        ("les familles Balaenidae et autres", "Balaenidae"),
        ("the birds (Accipitriformes)", "Accipitriformes"),
        ("in Qatar it rains", "Qatar"),
        ("a trip to Reykjavik in May", "Reykjavik"),
        ("statue of Zeus", "Zeus"),
        ("dai Nativi Americani che sono in", "Nativi Americani"),
        ("Calcola 12 + 30", "Calcola"),
        ("Raadpleeg Help", "Raadpleeg"),
        ("Dated Thu, 06 Oct", "Thu"),
        ("a fluent German Speaker", "German Speaker"),
        ("how to become a better Muslim", "Muslim"),
        ("Illinois Sen. Jane Example", "Illinois Sen"),
        ("¿Cuántos goles metió en el Mundial?", "Cuántos"),
        ("Peter Parker is the hero of which comic?", "Peter Parker"),
        ("quando viene Babbo Natale", "Babbo Natale"),
        ("pleasant in April, May, September and October", "April"),
        ("on two continents: Europe and Asia", "Asia"),
        ("a visa for India", "India"),
        ("Heb ik een visum nodig voor India?", "India"),
        ("Skal jeg have visum til Kina?", "Kina"),
        ("The Houston Rockets won", "Houston"),
        ("things to do in the given city.\nParis", "Paris"),
        ("What is the capital of Australia and why is it not Sydney?", "Sydney"),
        ('You are an "Idea Clarifier" for the team', "Clarifier"),
        ("I have an aggressive German Shepherd", "German Shepherd"),
        ("Write tests with Jest", "Jest"),
        ("Korter!", "Korter"),
        ("- Verbe\n", "Verbe"),
        ("the president der Vereinigten Staaten und der", "der Vereinigten Staaten"),
    ],
)
def test_no_names(text: str, name: str) -> None:
    start = text.index(name)
    assert is_no_name(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ieri Hanno ha chiamato per la banca di", "Hanno"),
        ("Ken je Anna? Nee, maar ik ken Ken van het werk", "Ken van"),
        ("Ken called about the invoice and the order", "Ken"),
        ("Frau Koch ist nicht da", "Koch"),
        ("Ask Zorblax about it", "Zorblax"),
        ("Ask Friday about it", "Friday"),
        ("Moreau", "Moreau"),
        ("Zorblax!", "Zorblax"),
        ("Ask Gerste about the things that you have", "Gerste"),
        ("talk to Jordan in Paris", "Jordan"),
        ("(By Matt Welsh)", "Matt Welsh"),
        ("German Alvarez called", "German Alvarez"),
        ("Tae-Min ruft an und ist", "Tae-Min"),
        ("write to Peter Parker about the invoice", "Peter Parker"),
        ("April and June are on the team", "April"),
        ("India called me", "India"),
        ("I'm so jealous! said Erle to Maurice", "Maurice"),
        ("a present for India", "India"),
        ("City: Boston, contact: Sydney", "Sydney"),
        ("Paris lives in this city", "Paris"),
        ("says Mourik, who lives there", "Mourik"),
    ],
)
def test_names(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_no_name(text, start, start + len(name.split(" van")[0]))


@pytest.mark.parametrize(
    ("content", "no_place"),
    [("Balaenidae", True), ("Debian", True), ("Wikipedia", True), ("Springfield", False), ("Iowa", False)],
)
def test_is_no_place(content: str, no_place: bool) -> None:
    assert is_no_place(content) is no_place
