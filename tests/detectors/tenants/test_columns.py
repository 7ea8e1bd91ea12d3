from pathlib import Path
from typing import Any

import orjson
import pytest

from promptguard.detectors.tenants.columns import Plan, make_plan
from promptguard.detectors.tenants.layout import TableLayout
from promptguard.detectors.tenants.table import CustomerTable
from promptguard.errors import ConfigError


def plan(tmp_path: Path, content: str, **layout: Any) -> Plan:
    path = tmp_path / "c.csv"
    path.write_text(content, "utf-8")
    return make_plan(CustomerTable(path), TableLayout.model_validate_json(orjson.dumps(layout)))


def kinds(made: Plan) -> dict[str, str]:
    return {column.name: str(column.kind) for column in made.columns}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name,customer_id,Domain\nAcme Rocket Ltd,A-1234,acme.example\n", ["company", "id", "domain"]),
        ("Firma;Kunden-Nr.;Strasse\nAcme Raketen;K-1234;Weg am Fluss 1\n", ["company", "id", "address"]),
        ("Name,E-Mail\nAnn Lee,a@o.example\nBob Ray,b@o.example\n", ["person", "email"]),
        ("Name,E-Mail\nAcme Ltd,a@o.example\nOrbit Inc,b@o.example\n", ["company", "email"]),
        ("Company,Name\nAcme Ltd,Ann Lee\n", ["company", "person"]),
        ("Vorname,Nachname\nAnn,Lee\n", ["person"]),
        ("Prénom,Nom\nAnn,Lee\n", ["person"]),
        ("société\nAcme\n", ["company"]),
        ("customer,name\nC-1001,Acme Ltd\nC-1002,Orbit Inc\n", ["id", "company"]),
        ("Kunde,Firma\nK10001,Acme Raketen\nK10002,Orbit\n", ["id", "company"]),
        ("customer\nStudio 54\nRoute 66 Ltd\n", ["company"]),
        ("a,b\n" + "x,j{}@o.example\n" * 6, ["email"]),
        ("a\n" + "+49 30 123456{}\n" * 6, ["phone"]),
        ("a\n" + "1234567\n" * 6 + "name\n", None),
    ],
)
def test_what_columns_are_taken_for(tmp_path: Path, content: str, expected: list[str] | None) -> None:
    lines = content.splitlines(keepends=True)
    numbered = "".join(line.replace("{}", str(number)) for number, line in enumerate(lines))
    if expected is None:
        with pytest.raises(ConfigError, match="no column can be looked for"):
            plan(tmp_path, numbered)
    else:
        assert list(kinds(plan(tmp_path, numbered)).values()) == expected


def test_what_a_company_says_counts(tmp_path: Path) -> None:
    made = plan(
        tmp_path, "name,nr,x\nAnn Lee,A-1234,y\n", columns={"name": "person", "nr": {"kind": "id", "alone": False}}
    )
    assert [(column.name, str(column.kind), column.alone) for column in made.columns] == [
        ("name", "person", False),
        ("nr", "id", False),
    ]
    assert made.unused == (("x", "not recognised"),)


@pytest.mark.parametrize(
    ("content", "layout", "expected"),
    [
        ("id,name,tenant\nA-1234,Acme Ltd,T\n", {}, 2),
        ("name,id\nAcme Ltd,A-1234\n", {}, 1),
        ("name\nAcme Ltd\n", {}, None),
        ("id,name,tenant\nA-1234,Acme Ltd,T\n", {"subject": "name"}, 1),
    ],
)
def test_what_findings_call_a_customer_by(
    tmp_path: Path, content: str, layout: dict[str, Any], expected: int | None
) -> None:
    assert plan(tmp_path, content, **layout).subject == expected


MANY = "".join(f"Acme {number} Ltd,active company,ab,a{number}@o.example\n" for number in range(150))


@pytest.mark.parametrize(
    ("content", "layout", "problem"),
    [
        ("", {}, "no column can be looked for"),
        ("colour,size\nred,4\n", {}, "no column can be looked for"),
        ("name\nAcme Ltd\n", {"columns": {"Name": "company"}}, "no column ‘Name’"),
        ("name\nAcme Ltd\n", {"subject": "nr"}, "no column ‘nr’"),
        ("name,s,t,m\n" + MANY, {"columns": {"s": "text"}}, "‘s’ cannot be used as text: 150 of 150 values are equal"),
        ("name,s,t,m\n" + MANY, {"columns": {"t": "company"}}, "150 of 150 values cannot be used: shorter than 4"),
        ("name\nAcme Ltd\n", {"rule": {"mandatory": ["nr"]}}, "the rule names ‘nr’"),
        ("name\nAcme Ltd\n", {"rule": {"exceptions": [["nr"]]}}, "the rule names ‘nr’"),
        ("name\nAcme Ltd\n", {"rule": {"at_least": 2}}, "asks for 2 columns of 1"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, content: str, layout: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        plan(tmp_path, content, **layout)


def test_a_column_of_no_use_that_nobody_named_is_left_out(tmp_path: Path) -> None:
    made = plan(tmp_path, "name,project\n" + "".join(f"Acme {n} Ltd,Blue Heron\n" for n in range(150)))
    assert list(kinds(made)) == ["name"]
    assert made.unused == (("project", "150 of 150 values are equal"),)


ROWS = "".join(f"C-{n:05},Ann Lee{n % 9},a{n}@o.example,{n % 7} Long Lane\n" for n in range(50))


@pytest.mark.parametrize(
    ("rule", "anchors"),
    [
        # Of any two columns one is looked up, although the least telling is not.
        ({}, ["C", "P", "E"]),
        ({"at_least": 1}, ["C", "P", "E", "S"]),
        ({"at_least": 3}, ["C", "E"]),
        ({"mandatory": ["E"]}, ["C", "E"]),
    ],
)
def test_columns_that_rows_are_recognised_by(tmp_path: Path, rule: dict[str, Any], anchors: list[str]) -> None:
    made = plan(
        tmp_path, "C,P,E,S\n" + ROWS, columns={"C": "id", "P": "person", "E": "email", "S": "address"}, rule=rule
    )
    assert [column.name for column in made.columns if column.anchor] == anchors


def test_cells_of_several_values(tmp_path: Path) -> None:
    made = plan(tmp_path, "company,street,vorname,nachname\nAcme,Long Lane 1; rear,Ann,Lee\n")
    cells = ["Acme;  ; Orbit|Apex", "Long Lane 1; rear", "Ann", ""]
    assert [[value.strip() for value in column.values(cells)] for column in made.columns] == [
        ["Acme", "Orbit", "Apex"],
        ["Long Lane 1; rear"],
        [],
    ]
