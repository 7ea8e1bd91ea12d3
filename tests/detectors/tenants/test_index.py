import itertools
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.detectors.tenants.build import build_index
from promptguard.detectors.tenants.index import TenantIndex
from promptguard.detectors.tenants.portions import PIECE
from promptguard.model import DataClass

KEY = bytes(range(32))
CUSTOMERS = """\
tenant,name,aliases,customer id,domain
T1,Quarzwerke Nordheim GmbH & Co. KG,Quarzwerke;QWN Nordheim,QN-10442,quarzwerke.test
T2,Müller & Söhne AG,,MS/77_81,müller-söhne.test
T3,Blå Bølge A/S,,99887766,https://www.blaabolge.test/kontakt
T4,Société Générique S.A.R.L.,,,
T5,株式会社山田商事,,,
"""
PERSONS = """\
Kundennr,Firma,Vorname,Nachname,E-Mail,Telefon,Geburtsdatum,Strasse
K-100001,Quarzwerke Nordheim GmbH,Änne,Müller,aenne.mueller@quarzwerke.test,030 1234567,12.03.1985,Hauptstraße 12a
K-100002,Blue Heron Ltd,John,Smith,j.smith@blueheron.test,+44 20 7946 0958,1990-07-01,14 Long Lane
K-100003,Blue Heron Ltd,Mary Jane,Doe,mj.doe@blueheron.test,+44 20 7946 0999,,
K-100004,Red Kite Ltd,Omar,Haddad,omar@redkite.test,+1 415 555 0123,1971-11-30,
"""
type Build = Callable[..., Any]
type Found = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TenantIndex:
    return made(tmp_path_factory.mktemp("customers"), CUSTOMERS)


@pytest.fixture(scope="module")
def persons(tmp_path_factory: pytest.TempPathFactory) -> TenantIndex:
    return made(tmp_path_factory.mktemp("persons"), PERSONS)


def made(folder: Path, content: str) -> TenantIndex:
    (folder / "customers.csv").write_text(content, "utf-8")
    build_index(folder / "customers.csv", folder / "index", KEY, region="DE")
    return TenantIndex.load(folder / "index", KEY)


def found(index: TenantIndex, text: str) -> Found:
    return [(text[match.start : match.end], match.entity_type, match.subject) for match in index.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The {} syndrome patient was admitted",
        "The {} Foundation lost a donor",
        "She lives in {} Street",
        "the winner of the {} Prize",
        "By {}'s theorem",
        "das {}-Gesetz",
        "the {} release",
        "{}™",
        "_{}_ and more",
    ],
)
@pytest.mark.parametrize("name", ["Quarzwerke Nordheim", "Quarzwerke"])
def test_what_is_called_after_a_customer_names_it(index: TenantIndex, text: str, name: str) -> None:
    assert found(index, text.format(name)) == [(name, "TENANT_NAME", "T1")]


@pytest.mark.parametrize("text", ["{}", "{}_Vertrag.pdf", "kunde_{}_2024", "const {} = 1", "https://crm.test/{}/a"])
@pytest.mark.parametrize("sign", ["_", "-", "."])
def test_names_written_with_signs_for_spaces(index: TenantIndex, text: str, sign: str) -> None:
    name = f"Quarzwerke{sign}Nordheim"
    assert found(index, text.format(name)) == [(name, "TENANT_NAME", "T1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call Quarzwerke Nordheim GmbH & Co. KG now", [("Quarzwerke Nordheim GmbH & Co. KG", "TENANT_NAME", "T1")]),
        ("QUARZWERKE   nordheim, today", [("QUARZWERKE   nordheim", "TENANT_NAME", "T1")]),
        ("Quarzwerke\nNordheim", [("Quarzwerke\nNordheim", "TENANT_NAME", "T1")]),
        ("the quarzwerke people", [("quarzwerke", "TENANT_NAME", "T1")]),
        ("ask qwn-nordheim", [("qwn-nordheim", "TENANT_NAME", "T1")]),
        ("Quarzwerke's plan", [("Quarzwerke", "TENANT_NAME", "T1")]),
        ("invoice QN-10442.", [("QN-10442", "TENANT_ID", "T1")]),
        ("see /files/qn-10442/a.txt", [("qn-10442", "TENANT_ID", "T1")]),
        ("QN10442, QN 10442, qn_10442", [(each, "TENANT_ID", "T1") for each in ("QN10442", "QN 10442", "qn_10442")]),
        ("ms/77_81 is due", [("ms/77_81", "TENANT_ID", "T2")]),
        ("number 99887766", [("99887766", "TENANT_ID", "T3")]),
        ("number 00099887766 or 9988-7766", [(each, "TENANT_ID", "T3") for each in ("00099887766", "9988-7766")]),
        ("mail ana@crm.quarzwerke.test please", [("crm.quarzwerke.test", "TENANT_DOMAIN", "T1")]),
        ("https://quarzwerke.test/x", [("quarzwerke.test", "TENANT_DOMAIN", "T1")]),
        ("https://xn--mller-shne-kcb9d.test", [("xn--mller-shne-kcb9d.test", "TENANT_DOMAIN", "T2")]),
        ("at müller-söhne.test", [("müller-söhne.test", "TENANT_DOMAIN", "T2")]),
        ("blaabolge.test.", [("blaabolge.test", "TENANT_DOMAIN", "T3")]),
        ("Bei Mu\u0308ller & So\u0308hne", [("Mu\u0308ller & So\u0308hne", "TENANT_NAME", "T2")]),
        ("Mueller und Soehne, Mueller + Soehne", [("Mueller + Soehne", "TENANT_NAME", "T2")]),
        ("🙂🙂 Blå Bølge", [("Blå Bølge", "TENANT_NAME", "T3")]),
        ("ＢＬÅ bolge", [("ＢＬÅ bolge", "TENANT_NAME", "T3")]),
        ("la Societe Générique", [("Societe Générique", "TENANT_NAME", "T4")]),
        ("\ud800 Quarzwerke\0", [("Quarzwerke", "TENANT_NAME", "T1")]),
        ("Quarz\u00adwerke", [("Quarz\u00adwerke", "TENANT_NAME", "T1")]),
        ("私は株式会社山田商事で働く", [("株式会社山田商事", "TENANT_NAME", "T5")]),
        # Near misses
        ("Quarz werke", []),
        ("Quarzwerkes", []),
        ("QN-10442-B and XQN-10442 and A-QN-10442", []),
        ("998877660", []),
        ("9,988,7766 and 99.887766", []),
        ("notquarzwerke.test.example", []),
        ("quarzwerke.testing", [("quarzwerke", "TENANT_NAME", "T1")]),
        ("Société. A new paragraph\n\nGénérique", []),
        ("müller and sons", []),
        ("", []),
    ],
)
def test_values_that_are_findings_by_themselves(index: TenantIndex, text: str, expected: Found) -> None:
    assert found(index, text) == expected
    assert all(match.data_class is DataClass.TENANT_DATA and 0.4 < match.score <= 1 for match in index.find(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Call Änne Müller at +49 (0)30 123-4567 or 030/1234567, mail AENNE.MUELLER@quarzwerke.test, "
            "born 12 March 1985, Hauptstr. 12a",
            [
                "Änne Müller",
                "+49 (0)30 123-4567",
                "030/1234567",
                "AENNE.MUELLER@quarzwerke.test",
                "12 March 1985",
                "Hauptstr. 12a",
            ],
        ),
        ("12.03.1985;0049301234567;Mueller, Aenne", ["12.03.1985", "0049301234567", "Mueller, Aenne"]),
        ("Smith, John of Blue Heron LTD", ["Smith, John", "Blue Heron LTD"]),
        ("Mary Doe, mj.doe@blueheron.test, 020 7946 0999", ["Mary Doe", "mj.doe@blueheron.test", "020 7946 0999"]),
        ("Omar Haddad (415) 555-0123, omar@redkite.test", ["Omar Haddad", "(415) 555-0123", "omar@redkite.test"]),
        # Two columns of three rows, and of two.
        (
            "John Smith j.smith@blueheron.test\nMary Doe mj.doe@blueheron.test\nOmar Haddad omar@redkite.test",
            [
                "John Smith",
                "j.smith@blueheron.test",
                "Mary Doe",
                "mj.doe@blueheron.test",
                "Omar Haddad",
                "omar@redkite.test",
            ],
        ),
        ("John Smith j.smith@blueheron.test\nMary Doe mj.doe@blueheron.test", []),
        # Of several rows, a foreign country code, a wrong date, one column.
        ("John Smith, mj.doe@blueheron.test, +49 30 1234567", []),
        ("Änne Müller +44 30 1234567 aenne.mueller@quarzwerke.test", []),
        ("Omar Haddad omar@redkite.test 1971-11-29", []),
        ("John Smith and Mary Doe and Omar Haddad and Änne Müller", []),
    ],
)
def test_values_of_one_row(persons: TenantIndex, text: str, expected: list[str]) -> None:
    assert [value.replace("(415", "415") for value, _, _ in found(persons, text)] == [
        value.replace("(415", "415") for value in expected
    ]


@pytest.mark.parametrize(("between", "expected"), [(10, 3), (15, 3), (16, 0), (40, 0)])
def test_values_of_one_row_must_stand_close(persons: TenantIndex, between: int, expected: int) -> None:
    words = " word" * between
    assert len(persons.find(f"Omar Haddad{words} omar@redkite.test{words} 1971-11-30")) == expected


def test_a_finding_names_the_row_of_which_most_is_there(persons: TenantIndex) -> None:
    subjects = {subject for _, _, subject in found(persons, "Blue Heron: Mary Doe, mj.doe@blueheron.test")}
    assert subjects == {"K-100003"}


def test_a_name_that_many_have_belongs_to_the_row_beside_it(build: Build) -> None:
    rows = "".join(
        f"C-{number:05},Ann {('Lee', 'Fox', 'Ray')[number % 3]},a{number}@o.example,1980-01-{number % 28 + 1:02}\n"
        for number in range(200)
    )
    index, _ = build("nr,contact,email,dob\n" + rows, columns={"nr": {"kind": "id", "alone": False}})
    text = "Ann Ray, a77@o.example, 1980-01-22"
    assert [(text[match.start : match.end], match.subject) for match in index.find(text)] == [
        ("Ann Ray", "C-00077"),
        ("a77@o.example", "C-00077"),
        ("1980-01-22", "C-00077"),
    ]
    assert index.find("Ann Ray, 1980-01-22") == []


def test_an_index_of_no_customers() -> None:
    index = TenantIndex(None)
    assert (index.find("Quarzwerke"), len(index), index.tenants, index.description) == ([], 0, 0, {})


@pytest.mark.parametrize("filler", ["lorem ipsum ", "山", "x", "0", "é ", "."])
@pytest.mark.parametrize("shift", range(-30, 6, 5))
def test_a_long_text_is_searched_across_the_ends_of_its_pieces(index: TenantIndex, filler: str, shift: int) -> None:
    before = (filler * PIECE)[: PIECE + shift]
    text = f"{before} Quarzwerke Nordheim GmbH & Co. KG {before} QN-10442"
    assert [value for value, _, _ in found(index, text)] == ["Quarzwerke Nordheim GmbH & Co. KG", "QN-10442"]


def test_words_are_counted_across_pieces(persons: TenantIndex) -> None:
    before = "lorem ipsum " * (PIECE // 12)
    for cut in range(0, 60, 7):
        text = before[: PIECE - cut] + " Omar Haddad, born 1971-11-30, omar@redkite.test"
        assert len(persons.find(text)) == 3


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*PERSONS.replace("\n", ",").split(","), *"+ \n,(0).", "\n\n", "\ud800", "\u0308"])))
def test_any_text_is_searched_and_nothing_overlaps(persons: TenantIndex, parts: list[str]) -> None:
    text = "".join(parts)
    matches = persons.find(text)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    assert all(first.end <= second.start for first, second in itertools.pairwise(matches))


# A table of made-up customers, and texts that look like them


SYLLABLES = [a + b + c for a in "bdfgklmnprstv" for b in "aeiou" for c in ("", "l", "n", "r", "s")]
ROWS = 50_000


def word(draw: random.Random, count: int) -> str:
    return "".join(draw.choices(SYLLABLES, k=count)).capitalize()


@pytest.fixture(scope="module")
def customers() -> list[dict[str, str]]:
    draw = random.Random(11)
    given = [word(draw, 2) for _ in range(400)]
    family = [word(draw, 2) for _ in range(3_000)]
    return [
        {
            "customer id": f"{draw.choice('ABC')}-{draw.randrange(100):02}-{number:06}",
            "company": f"{word(draw, 3)} {word(draw, 2)} {draw.choice(['GmbH', 'Ltd', 'S.A.', ''])}",
            "contact": f"{draw.choice(given)} {draw.choice(family)}",
            "email": f"{word(draw, 2)}.{word(draw, 2)}{number}@{word(draw, 2)}.example".lower(),
            "dob": f"{draw.randrange(1940, 2005)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
        }
        for number in range(ROWS)
    ]


@pytest.fixture(scope="module")
def many(customers: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> TenantIndex:
    lines = [",".join(customers[0]), *(",".join(row.values()) for row in customers)]
    return made(tmp_path_factory.mktemp("many"), "\n".join(lines))


def test_random_texts_hold_no_customers(many: TenantIndex, customers: list[dict[str, str]]) -> None:
    draw = random.Random(12)
    names = [row["contact"].split() for row in customers[:500]]
    for _ in range(2_000):
        parts = []
        for _ in range(40):
            kind = draw.randrange(6)
            if kind == 0:
                # Words that customers have, put together in ways that no customer has.
                parts.append(f"{draw.choice(names)[0]} {draw.choice(names)[1]}")
            elif kind == 1:
                parts.append(f"{draw.choice('ABC')}-{draw.randrange(100):02}-{draw.randrange(ROWS, 10**6):06}")
            elif kind == 2:
                parts.append(f"{word(draw, 3)} {word(draw, 2)} GmbH")
            elif kind == 3:
                parts.append(f"{word(draw, 2)}.{word(draw, 2)}{draw.randrange(ROWS)}@{word(draw, 2)}.example")
            else:
                parts.append(f"{draw.randrange(1940, 2005)}-{draw.randrange(1, 13):02}-17 {word(draw, 2).lower()}")
        text = ", ".join(parts)
        assert many.find(text) == []


def test_planted_rows_are_found(many: TenantIndex, customers: list[dict[str, str]]) -> None:
    draw = random.Random(13)
    for row in draw.sample(customers, 300):
        first, last = row["contact"].split()
        year, month, day = row["dob"].split("-")
        values = [
            draw.choice(
                [row["customer id"], row["customer id"].replace("-", ""), row["customer id"].replace("-", "/")]
            ),
            draw.choice([row["company"], row["company"].upper(), re.sub(r" (GmbH|Ltd|S\.A\.)?$", "", row["company"])]),
            draw.choice([f"{first} {last}", f"{last}, {first}", f"{last.upper()} {first}", f"{first}\n{last}"]),
            draw.choice([row["email"], row["email"].upper(), f"<{row['email']}>", f"mailto:{row['email']}"]),
            draw.choice([row["dob"], f"{day}.{month}.{year}", f"{int(day)}/{int(month)}/{year}"]),
        ]
        draw.shuffle(values)
        text = f"{word(draw, 3)} " + draw.choice([" ; ", "\t", " and the ", " | "]).join(values) + f" {word(draw, 3)}"
        matches = many.find(text)
        assert {match.subject for match in matches} == {row["customer id"]}
        assert len(matches) == 5


def test_without_id_and_company_a_row_is_found_by_three_columns(
    many: TenantIndex, customers: list[dict[str, str]]
) -> None:
    draw = random.Random(14)
    for row in draw.sample(customers, 100):
        values = [row["contact"], row["email"], row["dob"]]
        draw.shuffle(values)
        assert len(many.find(" with ".join(values))) == 3
        assert many.find(" with ".join(values[:2])) == []
        assert many.find((" word" * 40).join(values)) == []
