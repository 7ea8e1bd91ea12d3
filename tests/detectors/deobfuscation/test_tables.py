"""Tables read cell by cell after the headings of their columns."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.detectors.deobfuscation.tables import KIND, CellWriter, read_tables, tables
from promptguard.detectors.deobfuscation.view import View
from promptguard.detectors.deobfuscation.views import views


def cells(view: View) -> list[str]:
    """The lines of a reading that have a heading."""
    return [line for line in view.text.splitlines() if ": " in line]


def reading(text: str) -> list[str]:
    view = read_tables(text, tables(text))
    return cells(view) if view else []


TABLES = {
    "tabs": ("name\tborn\nAnna\t1980-01-02\nBob\t1975-12-03", ["Anna", "Bob"]),
    "semicolons": ("Which?\n\nname;born\nAnna;1980-01-02\nBob;1975-12-03\n\nThanks!", ["Anna", "Bob"]),
    "commas": ("name,born\nAnna,1980-01-02\nBob,1975-12-03\n", ["Anna", "Bob"]),
    "commas and spaces": ("name, city, born\nAnna, Rome, 1980-01-02\nBob, Oslo, 1975-12-03\n", ["Anna", "Bob"]),
    "carriage returns": ("name;born\r\nAnna;1980-01-02\r\nBob;1975-12-03\r\n", ["Anna", "Bob"]),
    "quotation marks": ('"name","born"\n"Doe, Anna",1980-01-02\n"Doe, Bob",1975-12-03', ["Doe, Anna", "Doe, Bob"]),
    "doubled quotation marks": ('name,born\n"A ""Bo"" B",1980\nBob,1975', ['A ""Bo"" B', "Bob"]),
    "Markdown": ("| name | born |\n|---|:-:|\n| Anna | 1980-01-02 |\n", ["Anna"]),
    "Markdown without edges": ("name | born\n--- | ---\nAnna | 1980-01-02\nBob | 1975-12-03", ["Anna", "Bob"]),
    "Markdown, emphasis": ("| **name** | born |\n|---|---|\n| **Anna** | `1980` |", ["Anna"]),
    "pipes without a rule": ("name | born\nAnna | 1980-01-02\nBob | 1975-12-03", ["Anna", "Bob"]),
    "empty cells": ("name;born;x\nAnna;;1\n;1980;2\n", ["Anna"]),
    "accents and numbers in headings": ("name\ttéléphone 2\tn° sécu\nAnna\t1\t2\nBob\t1\t2", ["Anna", "Bob"]),
}


@pytest.mark.parametrize(("text", "names"), TABLES.values(), ids=TABLES)
def test_tables_are_read_by_column(text: str, names: list[str]) -> None:
    assert [line for line in reading(text) if line.startswith("name: ")] == [f"name: {name}" for name in names]


NO_TABLES = {
    "nothing": "",
    "prose": "Hello Anna,\nthanks, and see you\nin Rome, or in Oslo.\nBest, Bob",
    "greetings": "Yes, please\nNo, thanks\nWell, maybe\n",
    "long clauses": "we went to the old town, and so on\nthey stayed at home today, and so on\nnobody knew why, at all",
    "one row": "name;born\nAnna;1980\n",
    "rows of other lengths": "name;born\nAnna;1980;x\nBob;1975;x\n",
    "no headings": "1980;Anna\n1975;Bob\n1960;Eve\n",
    "statements": "foo();\nbar();\nbaz();\n",
    "imports": "import foo;\nimport bar;\nimport baz;\n",
    "assignments": "a, b = 1, 2\nc, d = 3, 4\ne, f = 5, 6\n",
    "calls": 'f(a, b)[1]\ng(a, "b")[2]\nh(a, b)[3]\n',
    "logs": "2026-11-01 10:00,1 INFO a\n2026-11-01 10:00,2 INFO b\n2026-11-01 10:00,3 INFO c\n",
    "JSON": '{"a": 1, "b": 2}\n{"a": 1, "b": 2}\n{"a": 1, "b": 2}\n',
    "rules only": "|---|---|\n|---|---|\n|---|---|\n",
}


@pytest.mark.parametrize("text", NO_TABLES.values(), ids=NO_TABLES)
def test_other_text_has_none(text: str) -> None:
    assert tables(text) == []


def test_several_tables_in_one_text() -> None:
    text = "a;b\nxxx;yyy\nzzz;www\nc\td\n1st\t2nd\n3rd\t4th\n\n| e | f |\n|--|--|\n| ggg | hhh |\nend"
    assert [table.headings for table in tables(text)] == [("a", "b"), ("c", "d"), ("e", "f")]
    assert [text[table.start : table.end] for table in tables(text)] == [
        "xxx;yyy\nzzz;www\n",
        "1st\t2nd\n3rd\t4th\n",
        "| ggg | hhh |\n",
    ]


@pytest.mark.parametrize("text", [text for text, _ in TABLES.values()], ids=TABLES)
def test_cells_are_located(text: str) -> None:
    view = read_tables(text, tables(text))
    assert view is not None
    for line in cells(view):
        start = view.text.index(f"{line}\n")
        content = start + line.index(": ") + 2
        end = start + len(line)
        for first in (start, content):  # a finding over the heading is one of the cell
            place = view.locate(first, end)
            assert place is not None
            assert (text[place.start : place.end], place.kinds) == (view.text[content:end], (KIND,))
        assert view.locate(start, content) is None
        assert view.locate(content, end + 2) is None, "it runs into the next cell"


def test_parts_of_a_cell_are_read_in_another_order() -> None:
    text = "name;id\nDoe, Anna;1\nDoe, Bob;2"
    (table,) = tables(text)
    writer = CellWriter(text)
    start = writer.write(table.rows[1][0], "name: ", [(5, 8), (0, 3)])
    view = writer.view()
    assert view.text == "name: Bob Doe\n"
    for first, last, written in ((0, 7, "Doe, Bob"), (0, 3, "Bob"), (4, 7, "Doe")):
        place = view.locate(start + first, start + last)
        assert place is not None
        assert text[place.start : place.end] == written


def test_tables_in_disguise_are_read() -> None:
    text = b"name;date of birth\nAnna;1980-01-02\nBob;1975-12-03\n".hex()
    found = [view for view in views(text) if "date of birth: 1975-12-03" in view.text]
    assert [view.kinds for view in found] == [(KIND,)]
    start = found[0].text.index("1975-12-03")
    place = found[0].locate(start, start + 10)
    assert place is not None
    assert place.kinds == ("hex", KIND)


BOUND = 20
"""Times its length a reading may be: a label for each cell, and what stands between columns."""

TABULAR = st.lists(
    st.one_of(st.text(alphabet='ab, ;|\t"\n\r1-:', max_size=40), st.sampled_from(["a,b\n", "|-|-|\n", "c;d\n", '"'])),
    max_size=12,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(TABULAR)
def test_any_text_can_be_read(text: str) -> None:
    found = tables(text)
    assert all(0 < table.start <= table.end <= len(text) for table in found)
    assert all(earlier.end <= later.start for earlier, later in itertools.pairwise(found))
    for table in found:
        for cell in (cell for row in table.rows for cell in row):
            assert table.start <= cell.start < cell.end <= table.end
            assert 0 <= cell.column < len(table.headings)
    view = read_tables(text, found)
    assert view is None or len(view.text) <= BOUND * len(text)


HOSTILE = {
    "headings": "a,b\n" * 50_000,
    "headings of other lengths": "a,b,c\na,b\n" * 25_000,
    "one line": "a," * 200_000,
    "long lines": ("a," * 128 + "\n") * 1_500,
    "open quotation marks": "a,b\n" + ('"a,' * 2_700 + "\n") * 40,
    "quotation marks": "a,b\n" + ('"' * 8_000 + "\n") * 40,
    "line ends": "\n" * 300_000,
    "pipes": "|" * 300_000,
    "rules": "a|b\n" + "-|-\n" * 50_000,
    "dashes": "a|b\n" + "-" * 300_000 + "\n",
    "spaces": (" " * 8 + "a,") * 30_000,
    "long words": "ab " * 100_000 + ",\n",
    "surrogates": "\ud800a,b\n\ud800,\x00\n" * 20_000,
    "random": "".join(random.Random(5).choices('ab,;|\t\n"', k=200_000)),
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_text_is_bounded(text: str) -> None:
    view = read_tables(text, tables(text))
    assert view is None or len(view.text) <= BOUND * len(text)
