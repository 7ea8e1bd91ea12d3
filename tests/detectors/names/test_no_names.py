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
        ("Ask Gerste about the things that you have", "Gerste"),
        ("talk to Jordan in Paris", "Jordan"),
        ("(By Matt Welsh)", "Matt Welsh"),
        ("German Alvarez called", "German Alvarez"),
        ("Tae-Min ruft an und ist", "Tae-Min"),
        ("write to Peter Parker about the invoice", "Peter Parker"),
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
