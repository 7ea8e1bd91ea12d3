from pathlib import Path

import pytest

from promptguard.detectors.tenants.table import CustomerTable
from promptguard.errors import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.csv"


@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        ("a,b\n1,2\n", ["a", "b"], [(2, ["1", "2"])]),
        ("\ufeffa;b\n1,5;2\n", ["a", "b"], [(2, ["1,5", "2"])]),
        ("a\tb\r\n1\t2\r\n", ["a", "b"], [(2, ["1", "2"])]),
        ("sep=;\na;b\n1;2\n", ["a", "b"], [(3, ["1", "2"])]),
        ('a,b\n"1\n1",2\n\n , \n3,4\n', ["a", "b"], [(2, ["1\n1", "2"]), (6, ["3", "4"])]),
        ("a\nx\n", ["a"], [(2, ["x"])]),
        ("", [], []),
    ],
)
def test_rows_and_their_lines(path: Path, content: str, header: list[str], rows: list[tuple[int, list[str]]]) -> None:
    path.write_text(content, "utf-8", newline="")
    table = CustomerTable(path)
    assert table.header == header
    assert list(table.rows()) == rows == list(table.rows())


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"name\nok name\nM\xfcller\n", 3, "not UTF-8"),
        (b'name\n"never closed\n', 2, "well-formed"),
        (b"\xff\n", 1, "not UTF-8"),
    ],
)
def test_files_that_cannot_be_read(path: Path, content: bytes, line: int, problem: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=problem) as raised:
        list(CustomerTable(path).rows())
    assert raised.value.line == line
    assert "M\xfcller" not in str(raised.value)


def test_a_missing_file(path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        CustomerTable(path)
