from collections.abc import Callable
from pathlib import Path

import pytest

from promptguard.detectors.recognizers.yaml_entries import YamlEntry, read_yaml
from promptguard.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    file = folder / "some.yaml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: [1", 2, "expected ',' or ']'"),
        ("a: 1\na: 2", 2, "duplicate key"),
        ("- a\n- b", 1, "keys and values"),
        ("just text", 1, "keys and values"),
    ],
)
def test_what_is_no_mapping(tmp_path: Path, text: str, line: int, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_yaml(written(tmp_path, text))
    assert problem in raised.value.problem
    assert raised.value.line == line or raised.value.line == line - 1


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as raised:
        read_yaml(tmp_path / "missing.yaml")
    assert raised.value.line is None
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_yaml(tmp_path / "latin.yaml")


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, "# nothing")).entries("items", default=()) == []


DOCUMENT = """\
name: thing
score: 0.5
high: 2
truth: true
words: [one, two]
numbers: [1, 2]
parts:
  - first
  - [sec, ond]
items:
  - key: 1
  - key: 2
inner:
  deep: yes
regex: '(a'
empty: 'a*'
unset:
"""


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda entry: entry.string("name"), "thing"),
        (lambda entry: entry.string("other", ""), ""),
        (lambda entry: entry.choice("name", ("thing", "other")), "thing"),
        (lambda entry: entry.fraction("score"), 0.5),
        (lambda entry: entry.fraction("other", 0.4), 0.4),
        (lambda entry: entry.boolean("truth", False), True),
        (lambda entry: entry.strings("words"), ("one", "two")),
        (lambda entry: entry.joined_strings("parts"), [("first", 8), ("second", 9)]),
        (lambda entry: entry.joined_strings("other"), []),
        (lambda entry: [item.line for item in entry.entries("items")], [11, 12]),
        (lambda entry: entry.entry("other"), None),
        (lambda entry: entry.entry("inner").value("deep"), "yes"),
        (lambda entry: entry.regex_text("name"), "thing"),
    ],
)
def test_readers(tmp_path: Path, read: Callable[[YamlEntry], object], expected: object) -> None:
    assert read(read_yaml(written(tmp_path, DOCUMENT))) == expected


@pytest.mark.parametrize(
    ("read", "line", "told"),
    [
        (lambda entry: entry.only({"names", "score"}), 1, "did you mean ‘names’?"),
        (lambda entry: entry.string("other"), 1, "‘other’ is missing"),
        (lambda entry: entry.string("score"), 2, "must be text"),
        (lambda entry: entry.choice("name", ("thin", "thick")), 1, "did you mean ‘thin’?"),
        (lambda entry: entry.choice("name", ("x", "y")), 1, "one of x, y"),
        (lambda entry: entry.fraction("high"), 3, "from 0 to 1"),
        (lambda entry: entry.fraction("truth"), 4, "from 0 to 1"),
        (lambda entry: entry.fraction("other"), 1, "is missing"),
        (lambda entry: entry.boolean("name", True), 1, "true or false"),
        (lambda entry: entry.strings("name"), 1, "must be a list"),
        (lambda entry: entry.strings("numbers"), 6, "no text"),
        (lambda entry: entry.joined_strings("numbers"), 6, "no text"),
        (lambda entry: entry.entries("words"), 5, "no keys"),
        (lambda entry: entry.entries("unset"), 17, "must be a list"),
        (lambda entry: entry.entry("name"), 1, "keys and values"),
        (lambda entry: entry.regex_text("regex"), 15, "does not compile"),
        (lambda entry: entry.regex_text("empty"), 16, "empty text"),
    ],
)
def test_mistakes(tmp_path: Path, read: Callable[[YamlEntry], object], line: int, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(read_yaml(written(tmp_path, DOCUMENT)))
    assert raised.value.line == line
    assert told in str(raised.value)
