from __future__ import annotations

import pytest

from promptguard.detectors.names.name_fields import are_places, is_given_name, may_be_given_name, may_be_surname


@pytest.mark.parametrize(
    ("word", "given", "maybe"), [("Boris", 1, 1), ("Tamsin", 0, 1), ("Monday", 0, 0), ("Kettle", 0, 0), ("EMEA", 0, 0)]
)
def test_given_names(word: str, given: int, maybe: int) -> None:
    assert (is_given_name(word), may_be_given_name(word)) == (given, maybe)


@pytest.mark.parametrize(
    ("word", "expected"), [("Kettle", 1), ("van der Berg", 1), ("Xyzzek", 1), ("Call", 0), ("Monday", 0), ("", 0)]
)
def test_surnames(word: str, expected: int) -> None:
    assert may_be_surname(word) == expected


@pytest.mark.parametrize(
    ("words", "expected"), [(("Paris", "France"), 1), (("Kettle", "Paris"), 0), (("Boris", "Kettle"), 0)]
)
def test_places(words: tuple[str, str], expected: int) -> None:
    assert are_places(*words) == expected
