from typing import Any

import pytest

from promptguard.detectors.tenants.kinds import ColumnKind
from promptguard.detectors.tenants.matching import IndexedColumn, MatchingRule, Occurrence, by_span

COLUMNS = [
    IndexedColumn("id", ColumnKind.ID, True),
    IndexedColumn("person", ColumnKind.PERSON, False),
    IndexedColumn("email", ColumnKind.EMAIL, False),
    IndexedColumn("street", ColumnKind.ADDRESS, False),
]
ID, PERSON, EMAIL, STREET = range(4)
SHIPPED: dict[str, Any] = {
    "at_least": None,
    "within_words": 10,
    "mandatory": [],
    "exceptions": [],
    "minimum_matches": [5, 3, 1],
}


def rule(**changes: Any) -> MatchingRule:
    return MatchingRule.of(COLUMNS, {**SHIPPED, **changes})


def row(number: int, *columns: int, at: int = 0, step: int = 1) -> dict[int, list[Occurrence]]:
    """A row of which these columns were found, one word after the other."""
    return {
        number: [
            Occurrence(word, word + 1, word, 1, column, number * 100 + column)
            for word, column in zip(range(at, at + step * len(columns), step), columns, strict=True)
        ]
    }


def several(count: int, *columns: int) -> dict[int, list[Occurrence]]:
    return {number: found for each in range(count) for number, found in row(each, *columns, at=each * 100).items()}


@pytest.mark.parametrize(
    ("rows", "selected"),
    [
        (row(1, PERSON, EMAIL, STREET), {1: 3}),
        (row(1, PERSON, EMAIL), {}),
        (several(2, PERSON, EMAIL), {}),
        (several(3, PERSON, EMAIL), {0: 2, 1: 2, 2: 2}),
        (several(4, EMAIL), {}),
        (several(5, EMAIL), dict.fromkeys(range(5), 1)),
        (several(9, PERSON), {}),
        (several(2, PERSON, EMAIL) | row(7, PERSON, EMAIL, STREET), {0: 2, 1: 2, 7: 3}),
        (row(1, ID, PERSON), {1: 2}),
        (row(1, ID), {}),
        (row(1, PERSON, PERSON, PERSON), {}),
        ({}, {}),
    ],
)
def test_the_shipped_rule(rows: dict[int, list[Occurrence]], selected: dict[int, int]) -> None:
    assert {number: len(found) for number, found in rule().select(rows).items()} == selected


@pytest.mark.parametrize(("step", "selected"), [(1, True), (5, True), (6, False)])
def test_within_words_counts_from_the_first_to_the_last(step: int, selected: bool) -> None:
    assert bool(rule().select(row(1, PERSON, EMAIL, STREET, step=step))) is selected


def test_what_stands_apart_is_left_out() -> None:
    rows = row(1, PERSON, EMAIL, STREET)
    rows[1].append(Occurrence(500, 501, 500, 1, PERSON, 101))
    assert [each.word for each in rule().select(rows)[1]] == [0, 1, 2]


def test_each_place_where_a_row_stands_is_found() -> None:
    rows = row(1, PERSON, EMAIL, STREET)
    rows[1] += row(1, STREET, PERSON, EMAIL, at=400)[1]
    assert sorted(each.word for each in rule().select(rows)[1]) == [0, 1, 2, 400, 401, 402]


def test_rows_found_by_the_same_values_count_once() -> None:
    same = [Occurrence(0, 1, 0, 1, PERSON, 5), Occurrence(1, 2, 1, 1, EMAIL, 6)]
    assert rule().select(dict.fromkeys(range(3), same)) == {}


@pytest.mark.parametrize(
    ("changes", "rows", "selected"),
    [
        ({"at_least": 1}, several(5, PERSON), True),
        ({"at_least": 3, "minimum_matches": [1, 1, 1]}, row(1, PERSON, EMAIL), False),
        ({"minimum_matches": [1, 1, 1]}, row(1, PERSON, EMAIL), True),
        ({"minimum_matches": [1, 1, 1]}, row(1, EMAIL), True),
        ({"minimum_matches": [1, 1, 1]}, row(1, PERSON), False),
        ({"minimum_matches": [1, 1, 2]}, row(1, PERSON, EMAIL, STREET), True),
        ({"minimum_matches": [5, 5, 2]}, row(1, PERSON, EMAIL, STREET), False),
        ({"mandatory": ["id"]}, row(1, PERSON, EMAIL, STREET), False),
        ({"mandatory": ["email"]}, row(1, PERSON, EMAIL, STREET), True),
        ({"exceptions": [["person", "street", "email"]]}, row(1, PERSON, EMAIL, STREET), False),
        ({"exceptions": [["person", "street"]]}, row(1, PERSON, EMAIL, STREET), True),
    ],
)
def test_what_a_company_may_change(changes: dict[str, Any], rows: dict[int, list[Occurrence]], selected: bool) -> None:
    assert bool(rule(**changes).select(rows)) is selected


def test_of_one_column_one_is_enough() -> None:
    only = MatchingRule.of([COLUMNS[PERSON]], SHIPPED)
    assert len(only.select(several(5, 0))) == 5


def test_a_place_is_named_by_the_row_of_which_most_was_found() -> None:
    found = by_span({1: row(1, PERSON)[1], 2: row(2, PERSON, EMAIL)[2], 3: row(3, PERSON, EMAIL)[3]})
    assert {span: number for span, (number, _) in found.items()} == {(0, 1): 2, (1, 2): 2}


def test_a_company_of_one_word_is_less_sure() -> None:
    company = IndexedColumn("c", ColumnKind.COMPANY, True)
    assert company.score(1) < company.score(2)
