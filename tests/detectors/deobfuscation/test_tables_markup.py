"""Tables of HTML and the rows of SQL's INSERT."""

import time

import pytest

from promptguard.detectors.deobfuscation.tables_markup import marked_up_tables


def rows(text: str) -> list[list[tuple[str, str]]]:
    return [
        [(table.headings[cell.column], text[cell.start : cell.end]) for cell in row]
        for table in marked_up_tables(text)
        for row in table.rows
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<table><tr><th>Name</th><th>DOB</th></tr><tr><td>Ann <b>Lee</b></td><td> 1984-03-12\n</td></tr></table>",
            [[("Name", "Ann <b>Lee"), ("DOB", "1984-03-12")]],
        ),
        (
            "<tr><td>First name<td>Passport</tr><tr><td><b>Ann</b><td>541028837</tr>",
            [[("First name", "Ann"), ("Passport", "541028837")]],
        ),
        (
            "INSERT INTO p (first_name, \"dob\", n) VALUES ('O''Neill', '1984-03-12', 5), ('Bo', NULL, 6);",
            [[("first_name", "O''Neill"), ("dob", "1984-03-12"), ("n", "5")],
             [("first_name", "Bo"), ("dob", "NULL"), ("n", "6")]],
        ),
        ("<tr><td>a</td><td>b</td></tr>", []),
        ("insert into the box (or not) values", []),
        ("INSERT INTO t (a, b) VALUES ('x', 'unclosed", []),
    ],
)  # fmt: skip
def test_rows(text: str, expected: list[list[tuple[str, str]]]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    ["<tr>" * 50_000, "<td>" * 50_000, "<t" * 90_000, "insert into t (a,b) values (" * 8_000, "insert " * 30_000],
)
def test_linear(text: str) -> None:
    started = time.perf_counter()
    marked_up_tables(text)
    assert time.perf_counter() - started < 5
