"""Cases of kinds of faults: how they are read, and when one passes."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.detection.faults import Case, Scores, passes, read_cases
from benchmarks.detection.sample import Gold

TEXT = "id 12-34 and 12-34"


def case(*values: str) -> Case:
    return Case("kind", TEXT, values)


@pytest.mark.parametrize(
    ("values", "found", "expected"),
    [
        ((), [], True),
        ((), [(0, 2)], False),
        (("12-34",), [(3, 8)], True),
        (("12-34",), [(13, 18)], True),
        (("12-34",), [(3, 5), (6, 8)], True),
        (("12-34",), [(3, 7)], False),
        (("12-34", "id"), [(3, 8)], False),
        (("absent",), [(0, 18)], False),
    ],
)
def test_case_passes_when_each_value_is_covered(
    values: tuple[str, ...], found: list[tuple[int, int]], expected: bool
) -> None:
    assert passes(case(*values), [Gold(start, end, "X") for start, end in found]) is expected


def test_scores_by_kind() -> None:
    scores = Scores()
    scores.add(case("12-34"), [Gold(3, 8, "X")])
    scores.add(case("12-34"), [])
    assert list(scores.lines()) == ["    1/2     kind", "    1/2     all (50.0%)"]
    assert len(scores.failures) == 1


@pytest.mark.parametrize("name", ["cases.jsonl", "cases.jsonl.gz"])
def test_file_of_cases_is_read(tmp_path: Path, name: str) -> None:
    rows = [
        {"kind": "a", "text": "x", "expected": "none"},
        {"kind": "b", "text": "y 1", "expected": [{"type": "T", "value": "1"}]},
    ]
    content = "\n".join(map(json.dumps, rows)).encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert list(read_cases(file)) == [Case("a", "x", ()), Case("b", "y 1", ("1",))]
