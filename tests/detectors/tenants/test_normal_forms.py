import pytest

from promptguard.detectors.tenants.kinds import FACTS, ColumnKind
from promptguard.detectors.tenants.normal_forms import terms_of, without_legal_form
from promptguard.detectors.tenants.terms import Shape


@pytest.mark.parametrize(
    ("kind", "value", "forms"),
    [
        ("company", "Quarzwerke Nordheim GmbH & Co. KG", ["quarzwerke nordheim"]),
        ("company", "Müller & Söhne AG", ["muller sohne", "mueller soehne"]),
        ("company", "Société Générique S.A.R.L.", ["societe generique"]),
        ("company", "Orange GmbH", ["orange gmbh"]),
        ("company", "山田商事", ["山 田 商 事"]),
        ("person", "Jane Doe", ["~doe jane"]),
        ("person", "Doe, Jane", ["~doe jane"]),
        ("person", "Dr. Jane Mary Doe", ["~doe jane mary", "~doe jane"]),
        ("person", "Doe, Jane Mary", ["~doe jane mary", "~doe jane"]),
        ("person", "Jane Doe, MD", ["~doe jane"]),
        ("person", "Jörg Weiß", ["~jorg weiss", "~joerg weiss"]),
        ("person", "林 明", ["~明 林"]),
        ("id", "QN-10442", ["qn10442"]),
        ("id", "#qn 10442", ["qn10442"]),
        ("id", "00099887766", ["99887766"]),
        ("phone", "+49 30 1234567", ["301234567", "49301234567"]),
        ("phone", "0049 (0)30 123-4567", ["301234567", "49301234567"]),
        ("phone", "030 1234567", ["301234567", "49301234567"]),
        ("phone", "+1 415 555 0123", ["4155550123", "14155550123"]),
        ("email", " Jane.Doe@Orchard.Example ", ["jane.doe@orchard.example"]),
        ("email", "mailto:j@orchard.example", ["j@orchard.example"]),
        ("domain", "https://www.Orchard.example/x?y", ["orchard.example"]),
        ("domain", "müller.example", ["müller.example", "xn--mller-kva.example"]),
        ("address", "Hauptstraße 12a", ["hauptstrasse 12a", "hauptstr 12a"]),
        ("address", "14 Long Road", ["14 long road", "14 long rd"]),
        ("text", "Project Blue Heron", ["project blue heron"]),
        ("date", "12.03.1985", ["=1985-03-12"]),
        ("date", "1985-03-12T00:00:00", ["=1985-03-12"]),
    ],
)
def test_forms(kind: str, value: str, forms: list[str]) -> None:
    terms, problem = terms_of(ColumnKind(kind), value, "DE")
    assert sorted(term.form for term in terms) == sorted(forms)
    assert problem == ""


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("company", "abc", "shorter than 4 characters"),
        ("company", "Orange", "an ordinary English word"),
        ("company", "---", "no letters or digits in it"),
        ("company", "12345", "a number of fewer than 6 digits"),
        ("company", "word " * 13, "more than 12 words"),
        ("company", "x" * 65, "a word of more than 64 characters"),
        ("company", "山田", "shorter than 4 characters"),
        ("person", "Jane", "one word is not enough for a person"),
        ("person", "a b c d e f", "more than 5 words"),
        ("id", "1042", "a number of fewer than 6 digits"),
        ("id", "000012", "a number of fewer than 6 digits"),
        ("id", "A-1", "shorter than 4 characters"),
        ("id", "AB--1042", "an id may hold letters and digits, and between them single - _ / . or spaces"),
        ("id", "-AB1042", ""),
        ("phone", "hello", "no phone number"),
        ("phone", "+49 3", "no phone number"),
        ("email", "jane at orchard", "no e-mail address"),
        ("domain", "localhost", "no host name with a dot"),
        ("domain", "gmail.com", "a mail provider, a public suffix or a site that is nobody's own"),
        ("text", "heron", "fewer than two words or 8 characters"),
        ("date", "12.03.85", "no date with a year of four digits"),
    ],
)
def test_what_cannot_be_looked_for(kind: str, value: str, problem: str) -> None:
    terms, told = terms_of(ColumnKind(kind), value, "DE")
    assert told == problem
    assert bool(terms) is not bool(problem)


def test_a_phone_number_without_a_country_needs_one() -> None:
    assert terms_of(ColumnKind.PHONE, "030 1234567") == (
        [],
        "a phone number without a country code; say which country's they are (region)",
    )


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize(
    "value", ["\ud800\ud800\ud800\ud800 \ud800", "\0\0\0\0", "ﷺ ﷺ", "😀 😀", "." * 5000, "1/" * 500]
)
def test_hostile_values_are_terms_or_problems(kind: ColumnKind, value: str) -> None:
    terms, problem = terms_of(kind, value, "DE")
    assert terms or problem
    for term in terms:
        assert term.words <= 12 and (term.letters or term.bag or term.shape is Shape.DAY)


def test_without_legal_form() -> None:
    assert without_legal_form(["acme", "gmbh", "co", "kg"]) == ["acme"]
    assert without_legal_form(["acme", "s", "p", "a"]) == ["acme"]
    assert without_legal_form(["kg"]) == ["kg"]
