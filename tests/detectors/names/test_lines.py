from __future__ import annotations

import re

import pytest

from promptguard.detectors.names import addressed, labelled
from promptguard.detectors.names.lines import Hint, any_of, matches, where

NUMBER = re.compile(r"(?<=\w )\d+(?=\s|\Z)")
TEXTS = [
    "",
    "no digit",
    "room 12",
    "room 12\nfloor 3 here\n\nand 4x\r\nat 55\r\n",
    "12 first\nlast 13",
    "line\n" * 3_000 + "room 7\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_matches_are_those_of_the_whole_text(text: str) -> None:
    expected = [match.span() for match in NUMBER.finditer(text)]
    assert [match.span() for match in matches(NUMBER, text, where(re.compile(r"\d")))] == expected


@pytest.mark.parametrize(("text", "expected"), [("MY NAME", True), ("no", False), ("Vorname", True)])
def test_stems_are_known_in_any_case(text: str, expected: bool) -> None:
    assert any_of(["name"])(text) is expected


PEOPLE = [
    "I spoke to Will Power and met with Rose Garden; booked by Mark Stone.",
    "please tell rose that it is done\nthanks mark!\nhi penny,\n@rob can you",
    "Nazywam się Ewa Nowak. Jmenuji se Petr Malý. Mă numesc Ion Pop. Mă cheamă Ana. Benim adım Ali. ADIM Veli",
    "Volám sa Eva. Zovem se Ivo, ime mi Ana, moje ime je Iva. Mano vardas Jonas, aš esu Rasa. Mani sauc Ilze.",
    "Minu nimi on Mart. Mitt namn är Eva. Jag heter Ulf. Navnet mitt er Kari. Ég heiti Jón. Nama saya adalah Budi.",
    "Saya bernama Sri. Ako si Jose. Ang pangalan ko ay Liza. Tên tôi là Nam. Ten toi la Nam. Jina langu ni Juma.",
    "Naitwa Juma. Meu nome é Rui. Me chamo Ana. Eu sou o Rui. Em dic Jordi. El meu nom és Pau. Emri im është Agim.",
    "Igama lami nguThabo. Orukọ mi ni Ade. Mam na imię Jan. A nevem Kata. Numele meu este Dan. Chamo-me Rui.",
    'first_name=Jane&lastName="Roe"\n<lname>Roe</lname> sn: Roe\ncn=Jane Roe,\nprénom: Zoë | vorname -> Eva',
    "sobrenome: Silva\nimię: Jan\nimie = Jan\nnazwisko: Kos\njméno: Petr\njmeno: Petr\npříjmení: Malý\nprijmeni: Maly",
    "förnamn: Ulf\nefternamn: Ek\nvoornaam: Piet\nfornavn: Kari\ncognome: Rossi\napellidos: Gil\nnom de famille: Roux",
    "Customer=Jane_Roe; owner: 'Jane Roe' assigned_to:Jane.K.Roe",
]


@pytest.mark.parametrize("text", PEOPLE)
@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        (addressed._SPOKEN_TO, addressed._TWO_NAMES),
        (addressed._LOWER, addressed._SAID_TO),
        (addressed._INTRODUCED, addressed._INTRODUCING),
        (labelled._LABELLED, labelled._LABELS),
        (labelled._PERSON, labelled._NAME_AFTER_SIGN),
    ],
)
def test_no_hint_hides_a_match(text: str, expression: re.Pattern[str], hint: Hint) -> None:
    found = [match.span() for match in matches(expression, text, hint)]
    assert found == [match.span() for match in expression.finditer(text)]
