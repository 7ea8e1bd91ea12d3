"""Assessments of many tools in one file: what is read, and on which line a mistake is."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.console.assessment_files import read_assessments
from promptguard.errors import ConfigError
from promptguard.review.tool_reviews import Assessment

ANSWERS = {"training": "No, says their page", "region": "EU"}
EXPECTED = [
    (
        2,
        Assessment(
            "claude", "approved", "2027-05-31", "It is fine", ANSWERS, data_handling={"trains_on_prompts": "no"}
        ),
    ),
    (3, Assessment("chatgpt", "prohibited", "2027-05-31", "No contract")),
]

YAML = """tools:
  - id: claude
    status: approved
    review_due: 2027-05-31
    reason: It is fine
    answers: {training: "No, says their page", region: EU}
    data_handling: {trains_on_prompts: false, retention_days: 30}
  - {id: chatgpt, status: prohibited, review_due: 2027-05-31, reason: No contract}
"""

CSV = """id,status,review_due,reason,answers.training,answers.region,data_handling.trains_on_prompts
claude,approved,2027-05-31,It is fine,"No, says their page",EU,no
chatgpt,prohibited,2027-05-31,No contract,,,
"""


def _read(tmp_path: Path, name: str, text: str) -> list[tuple[int | None, Assessment]]:
    (tmp_path / name).write_text(text, "utf-8")
    return [(row.line, row.assessment) for row in read_assessments(tmp_path / name)]


SEMICOLONS = """id;status;review_due;reason;answers.training;answers.region;data_handling.trains_on_prompts
claude;approved;2027-05-31;It is fine;No, says their page;EU;no
chatgpt;prohibited;2027-05-31;No contract;;;
"""


@pytest.mark.parametrize("text", [CSV, "\ufeff" + CSV.replace("\n", "\r\n"), SEMICOLONS])
def test_a_csv(text: str, tmp_path: Path) -> None:
    assert _read(tmp_path, "tools.csv", text) == EXPECTED


def test_a_yaml(tmp_path: Path) -> None:
    (first, second) = _read(tmp_path, "tools.yaml", YAML)
    assert (first[0], second[0]) == (2, 8)
    assert first[1].answers == ANSWERS and first[1].data_handling == {"trains_on_prompts": "no", "retention_days": "30"}
    assert second[1] == EXPECTED[1][1]


def test_lines_are_counted_where_a_cell_has_several(tmp_path: Path) -> None:
    text = CSV.replace("It is fine", '"It is\nfine"').replace("\nchatgpt", "\n\nchatgpt")
    assert [line for line, _ in _read(tmp_path, "tools.csv", text)] == [2, 5]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("t.csv", "", "it has 0 tools"),
        ("t.csv", CSV.replace("reason", "reasn", 1), "t.csv:1: ‘reasn’ is no column"),
        ("t.csv", CSV.replace("reason", "reasn", 1), "t.csv:1: the column ‘reason’ is missing"),
        ("t.csv", CSV.replace("answers.region", "reason", 1), "t.csv:1: the column ‘reason’ stands there twice"),
        ("t.csv", CSV.replace('"', ""), "t.csv:2: this row has 8 cells, and the first one 7"),
        ("t.csv", CSV + CSV.partition("\n")[2], "t.csv:4: ‘claude’ stands on line 2 already"),
        ("t.csv", CSV + CSV.partition("\n")[2], "t.csv:5: ‘chatgpt’ stands on line 3 already"),
        ("t.yaml", YAML.replace("reason: It is fine", "reasn: It is fine"), "t.yaml:5: there is no key ‘reasn’ here"),
        ("t.yaml", YAML.replace("region: EU", "regin: EU"), "‘regin’ is not among: training, retention, region"),
        ("t.yaml", YAML.replace("chatgpt", "claude"), "t.yaml:8: ‘claude’ stands on line 2 already"),
        ("t.yaml", "tools: []", "it has 0 tools"),
        ("t.csv", CSV.replace('their page"', "their page"), "this is no CSV: unexpected end of data"),
    ],
)
def test_mistakes_have_their_lines(name: str, text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        _read(tmp_path, name, text)
    assert told in str(error.value)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="it is no file"):
        read_assessments(tmp_path)


def test_what_is_no_text_and_what_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"id,status\n\xff")
    with pytest.raises(ConfigError, match=r"t\.csv:2: this line is not UTF-8"):
        read_assessments(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_bytes(b"x" * 1_000_001)
    with pytest.raises(ConfigError, match="longer than 1,000,000 bytes"):
        read_assessments(tmp_path / "t.csv")


def test_words_are_searched_and_what_is_chosen_is_not(tmp_path: Path) -> None:
    text = "id,status,review_due,reason,answers.region,data_handling.region,data_handling.retention_days\n"
    (tmp_path / "t.csv").write_text(f"{text}a,approved,2027-05-31,why,here,eu,30\n")
    (row,) = read_assessments(tmp_path / "t.csv")
    found = row.with_words(str.upper).assessment
    assert (found.reason, found.answers, found.tool) == ("WHY", {"region": "HERE"}, "a")
    assert found.data_handling == {"region": "EU", "retention_days": "30"}
