from __future__ import annotations

import pytest

from promptguard.detectors.names import thresholds
from promptguard.detectors.names.thresholds import (
    may_join,
    required_for_person,
    without_outer_words,
)


@pytest.mark.parametrize(
    ("before", "name", "cased", "required"),
    [
        ("Ask ", "Jane", True, thresholds.GIVEN_NAME),
        ("Ask ", "Jane Zorblax", True, thresholds.GIVEN_NAME),
        ("Ask ", "Jane Zorblax Johansson", True, thresholds.FULL_NAME),
        ("Ask ", "Johansson", True, thresholds.SURNAME),
        ("Ask ", "Zorblax", True, thresholds.CAPITALISED),
        ("Ask ", "Rose", True, thresholds.GIVEN_NAME_AND_WORD),
        ("Ask ", "Turmoil", True, thresholds.COMMON_WORD),
        ("Ask ", "Banana Turmoil", True, thresholds.COMMON_WORDS),
        ("Ask ", "jane", True, thresholds.GIVEN_NAME_IN_LOWER_CASE),
        ("Ask ", "eva", True, thresholds.SHORT_NAME_IN_LOWER_CASE),
        ("ask ", "eva", False, thresholds.SHORT_NAME_IN_LOWER_CASE),
        ("Ask ", "zorblax", True, thresholds.PLAIN),
        ("Ask ", "rose", True, thresholds.PLAIN),
        ("ask ", "rose", False, thresholds.PLAIN),
        ("ask ", "zorblax", False, thresholds.CAPITALISED),
        ("Ask ", "ACME", True, thresholds.PLAIN),
        ("Ask ", "ZORBLAX", True, thresholds.CAPITALISED),
        ("ask ", "jane", False, thresholds.GIVEN_NAME_IN_LOWER_CASE),
        ("ask ", "turmoil", False, thresholds.PLAIN),
        ("Ask Mr. ", "Zorblax", True, thresholds.AFTER_TITLE),
        ("Dear ", "Zorblax", True, thresholds.AFTER_TITLE),
        ("Sehr geehrte Frau ", "Zorblax", True, thresholds.AFTER_TITLE),
        ("Cher ", "Zorblax", True, thresholds.AFTER_TITLE),
        ("Ask Dr ", "Jane", True, thresholds.SURNAME_AFTER_TITLE),
        ("L'overlæge ", "Johansson", True, thresholds.SURNAME_AFTER_TITLE),
    ],
)
def test_required_for_person(before: str, name: str, cased: bool, required: float) -> None:
    text = f"{before}{name} today"
    assert required_for_person(text, len(before), len(before) + len(name), cased=cased) == required


@pytest.mark.parametrize(
    ("word", "cased", "lowest"),
    [
        ("Johansson", True, thresholds.KNOWN_NEIGHBOUR),
        ("johansson", True, thresholds.NEIGHBOUR),
        ("johansson", False, thresholds.KNOWN_NEIGHBOUR),
        ("Graves", True, thresholds.NEIGHBOUR),  # a common word too
        ("Zorblax", True, thresholds.NEIGHBOUR),
    ],
)
def test_may_join(word: str, cased: bool, lowest: float) -> None:
    assert may_join(word, cased=cased) == lowest


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Jane called", "Jane"),
        ("that Jane Roe called", "Jane Roe"),
        ("van der Roe", "van der Roe"),
        ("Jane van Roe", "Jane van Roe"),
        ("jane roe", "jane roe"),
    ],
)
def test_without_outer_words(written: str, kept: str) -> None:
    words = written.split()
    assert " ".join(without_outer_words(words, words)) == kept
