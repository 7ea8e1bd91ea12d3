from pathlib import Path

import pytest

from promptguard.detectors.tenants.kinds import ColumnKind
from promptguard.detectors.tenants.layout import TableLayout, is_region
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import load


def read(tmp_path: Path, content: str) -> TableLayout:
    path = tmp_path / "customers.yaml"
    path.write_text(content)
    return load(path, TableLayout)


def test_a_column_may_be_written_short(tmp_path: Path) -> None:
    layout = read(tmp_path, "columns:\n  Firma: company\n  Mail: {kind: email, alone: true}\n")
    assert layout.columns["Firma"].kind is ColumnKind.COMPANY and layout.columns["Firma"].alone is None
    assert layout.columns["Mail"].alone is True


def test_the_shipped_rule(tmp_path: Path) -> None:
    rule = read(tmp_path, "").rule
    assert (rule.at_least, rule.within_words, rule.minimum_matches) == (None, 35, (5, 3, 1))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("columns: {Firma: colour}", "colour"),
        ("columns: {Firma: {kind: company, shy: true}}", "shy"),
        ("rule: {minimum_matches: [1, 2]}", "minimum_matches"),
        ("rule: {within_words: 0}", "within_words"),
        ("region: Germany", "region"),
    ],
)
def test_mistakes(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("text", "is_one"), [("DE", True), ("de", False), ("DEU", False), ("DE\n", False), ("", False)]
)
def test_regions(text: str, is_one: bool) -> None:
    assert is_region(text) is is_one
