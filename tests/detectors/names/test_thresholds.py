from __future__ import annotations

import pytest

from promptguard.detectors.names import thresholds
from promptguard.detectors.names.model_thresholds import ModelThresholds
from promptguard.detectors.names.thresholds import (
    may_join,
    required_for_person,
    without_outer_words,
)

EACH = ModelThresholds(
    capitalised=0.61,
    plain=0.92,
    full_name=0.03,
    given_name=0.04,
    surname=0.15,
    given_name_in_lower_case=0.25,
    short_name_in_lower_case=0.85,
    given_name_and_word=0.35,
    common_word=0.95,
    common_words=0.75,
    after_title=0.12,
    surname_after_title=0.01,
    place_capitalised=0.2,
    place_plain=0.91,
)
"""Each another, so that a test tells them apart."""


@pytest.mark.parametrize(
    ("before", "name", "cased", "required"),
    [
        ("Ask ", "Jane", True, EACH.given_name),
        ("Ask ", "Jane Zorblax", True, EACH.given_name),
        ("Ask ", "Jane Zorblax Johansson", True, EACH.full_name),
        ("Ask ", "Johansson", True, EACH.surname),
        ("Ask ", "Zorblax", True, EACH.capitalised),
        ("Ask ", "Rose", True, EACH.given_name_and_word),
        ("Ask ", "Turmoil", True, EACH.common_word),
        ("Ask ", "Banana Turmoil", True, EACH.common_words),
        ("Ask ", "jane", True, EACH.given_name_in_lower_case),
        ("Ask ", "eva", True, EACH.short_name_in_lower_case),
        ("ask ", "eva", False, EACH.short_name_in_lower_case),
        ("Ask ", "zorblax", True, EACH.plain),
        ("Ask ", "rose", True, EACH.plain),
        ("ask ", "rose", False, EACH.plain),
        ("ask ", "zorblax", False, EACH.capitalised),
        ("Ask ", "ACME", True, EACH.plain),
        ("Ask ", "ZORBLAX", True, EACH.capitalised),
        ("ask ", "jane", False, EACH.given_name_in_lower_case),
        ("time,humidity,", "lux", False, EACH.short_name_in_lower_case),
        ("ask ", "turmoil", False, EACH.plain),
        ("Ask Mr. ", "Zorblax", True, EACH.after_title),
        ("Dear ", "Zorblax", True, EACH.after_title),
        ("Sehr geehrte Frau ", "Zorblax", True, EACH.after_title),
        ("Cher ", "Zorblax", True, EACH.after_title),
        ("Ask Dr ", "Jane", True, EACH.surname_after_title),
        ("L'overlæge ", "Johansson", True, EACH.surname_after_title),
    ],
)
def test_required_for_person(before: str, name: str, cased: bool, required: float) -> None:
    text = f"{before}{name} today"
    assert required_for_person(text, len(before), len(before) + len(name), EACH, cased=cased) == required


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
