from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from promptguard.detectors.tenants.build import SHOWN_LINES, Rejections, build_index
from promptguard.detectors.tenants.index import TenantIndex
from promptguard.errors import ConfigError

KEY = bytes(range(32))
type Build = Callable[..., Any]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("T,abc,,,", "name: shorter than 4 characters"),
        ("T,Orange,,,", "name: an ordinary English word"),
        ("T,,,1042,", "id: a number of fewer than 6 digits"),
        ("T,,,,gmail.com", "domain: a mail provider, a public suffix or a site that is nobody's own"),
        ("T,,,,", "nothing to look for in it"),
        ("T,Umbrellix,,", "has 4 cells where the header has 5"),
    ],
)
def test_rejected_rows(build: Build, row: str, reason: str) -> None:
    index, report = build(
        f'tenant,name,alias,id,domain\nT0,"Zwei\nZeilen",,,\n{row}\nT9,Umbrellix,Umby,A-1234,u.example\n'
    )
    assert [(rejection.line, rejection.reason) for rejection in report.rejections.rows()] == [(4, reason)]
    assert [match.subject for match in index.find("Umbrellix and zwei zeilen")] == ["T9", "T0"]


def test_many_rejections_of_one_kind_are_counted() -> None:
    rejections = Rejections()
    for line in range(100):
        rejections.add(line, "phone: no phone number")
    rejections.add(7, "name: shorter")
    assert len(rejections.rows()) == SHOWN_LINES + 1
    assert rejections.more() == {"phone: no phone number": 100 - SHOWN_LINES}
    assert rejections.total == 101


def test_a_table_without_anything_to_look_for(build: Build) -> None:
    with pytest.raises(ConfigError, match="no row has a value") as raised:
        build("name\n")
    assert "a header and nothing else" in raised.value.remedy
    with pytest.raises(ConfigError, match="no column can be looked for"):
        build("name,domain\nabc,localhost\n")


def test_the_file_holds_no_plaintext(build: Build, tmp_path: Path) -> None:
    build(
        "tenant,name,customer id,domain,contact,email\n"
        "T4711,Quarzwerke Nordheim GmbH,QN-10442,quarzwerke.example,Änne Müller,aenne@quarzwerke.example\n"
    )
    content = (tmp_path / "tenants.index").read_bytes().lower()
    for term in ("quarzwerke", "nordheim", "qn-10442", "qn10442", "müller", "muller", "aenne", "t4711", "customer id"):
        assert term.encode() not in content, term


def test_hashes_differ_from_file_to_file(tmp_path: Path) -> None:
    table = tmp_path / "c.csv"
    table.write_text("name\nUmbrellix\n")
    indexes = []
    for name in "ab":
        build_index(table, tmp_path / name, KEY)
        indexes.append(TenantIndex.load(tmp_path / name, KEY))
    assert indexes[0].version != indexes[1].version
    assert indexes[0].find("Umbrellix") == indexes[1].find("Umbrellix") != []


@pytest.mark.parametrize(
    ("content", "text", "subject"),
    [
        ("\ufeffName;Domain\nUmbrellix;umbrellix.example\n", "umbrellix", "row 2"),
        ("Customer_Name\tAccount ID\nUmbrellix\tUX-4711\n", "umbrellix", "UX-4711"),
        ("id,name\r\nUX-4711,Umbrellix\r\n", "UX-4711", "UX-4711"),
        ("label,name\nJosé & Co,Umbrellix\nJosé & Co,Parapluie\n", "parapluie", "José & Co"),
        ("label,name\n,Umbrellix\n", "Umbrellix", "row 2"),
    ],
)
def test_what_findings_call_the_customer(build: Build, content: str, text: str, subject: str) -> None:
    index, report = build(content)
    assert [match.subject for match in index.find(text)] == [subject]
    assert report.description["tenants"] == 1


def test_options_count_before_the_layout_beside_the_table(tmp_path: Path) -> None:
    table, path = tmp_path / "customers.csv", tmp_path / "index"
    table.write_text("Kunde,Nr,Tel\nUmbrellix,UX-4711,030 1234567\n")
    (tmp_path / "customers.yaml").write_text(
        "columns: {Kunde: company, Nr: id, Tel: phone}\nsubject: Kunde\nregion: FR\n"
    )
    build_index(table, path, KEY)
    assert TenantIndex.load(path, KEY).find("UX-4711")[0].subject == "Umbrellix"
    report = build_index(table, path, KEY, subject="Nr", region="DE")
    assert TenantIndex.load(path, KEY).find("UX-4711")[0].subject == "UX-4711"
    assert report.description["region"] == "DE"


def test_ignored_values_are_not_in_it(build: Build) -> None:
    index, report = build(
        "name,domain\nContoso GmbH,contoso.example\nUmbrellix,umbrellix.example\n",
        ignored_values=["CONTOSO", "https://www.contoso.example"],
    )
    assert index.find("Contoso GmbH at contoso.example") == []
    assert len(index.find("Umbrellix at umbrellix.example")) == 2
    assert {(row.line, row.reason) for row in report.rejections.rows()} == {
        (2, "name: one of the ignored values"),
        (2, "domain: one of the ignored values"),
    }


def test_ids_that_are_many_of_all_numbers_are_not_found_alone(build: Build) -> None:
    rows = "".join(f"{100_000 + 7 * number},a{number}@o.example\n" for number in range(10_000))
    index, report = build("id,email\n" + rows)
    column = report.description["columns"][0]
    assert column["alone"] is False
    assert column["note"] == "one in 90 of all numbers of 6 digits is in it"
    assert index.find("it took 100007 rounds") == []
    assert build("id,email\n" + rows, columns={"id": {"kind": "id", "alone": True}})[0].find("it took 100007 rounds")


def test_a_layout_with_a_mistake_is_told(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("name\nUmbrellix\n")
    (tmp_path / "customers.yaml").write_text("colums: {}\n")
    with pytest.raises(ConfigError, match="Did you mean ‘columns’"):
        build_index(tmp_path / "customers.csv", tmp_path / "index", KEY)
    assert not (tmp_path / "index").exists()
