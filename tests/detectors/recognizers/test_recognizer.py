from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

from promptguard.detectors.recognizers.recognizer import Example, Recognizer
from promptguard.model import DataClass

TICKET = Pattern("ticket", r"\bTIC-\d{4}\b", 0.6)
ORDER = Pattern("order", r"\bORD-\d{4}\b", 0.6)


class TicketsBySearch(EntityRecognizer):
    """Finds tickets without a pattern."""

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        at = text.find("TIC-")
        return [RecognizerResult("TICKET", at, at + 8, 0.8)] if at >= 0 else []


class TicketsByBoth(PatternRecognizer):
    """Has patterns, and finds more than they do: its own prefilter says where."""

    prefilter = "TIC"


class TicketsOfACompany(TicketsByBoth):
    """Inherits from one with a prefilter, and has none of its own."""


def configured(recognizer: EntityRecognizer, **options: Any) -> Recognizer:
    return Recognizer(recognizer, DataClass.TENANT_DATA, 0.5, Path("recognizers/a.yaml"), 7, **options)


@pytest.mark.parametrize(
    ("recognizer", "patterns"),
    [
        (PatternRecognizer("TICKET", patterns=[TICKET, ORDER]), [TICKET, ORDER]),
        (TicketsBySearch(["TICKET"]), []),
        (TicketsByBoth("TICKET", patterns=[TICKET]), []),
        (TicketsOfACompany("TICKET", patterns=[TICKET]), [TICKET]),
    ],
    ids=["patterns", "code", "code with a prefilter of its own", "a prefilter of its parent"],
)
def test_patterns_whose_matches_are_all_candidates(recognizer: EntityRecognizer, patterns: list[Pattern]) -> None:
    assert configured(recognizer).patterns == patterns


def test_words_of_a_deny_list_are_patterns_too() -> None:
    (pattern,) = configured(PatternRecognizer("PROJECT", deny_list=["Heron", "Pelican"])).patterns
    assert "Pelican" in pattern.regex


def test_the_list_of_patterns_is_a_copy() -> None:
    recognizer = configured(PatternRecognizer("TICKET", patterns=[TICKET]))
    recognizer.patterns.clear()
    assert recognizer.patterns == [TICKET]


@pytest.mark.parametrize(("name", "said"), [("Tickets of ours", "Tickets of ours"), (None, "TicketsBySearch")])
def test_the_name_is_presidios(name: str | None, said: str) -> None:
    assert configured(TicketsBySearch(["TICKET"], name=name)).name == said


def test_the_text_of_an_example_is_in_no_message() -> None:
    example = Example("tickets", "TIC-0815 of Jo Miller", True, Path("a.yaml"), 3)
    assert "Jo Miller" not in repr(example)
    assert "Jo Miller" not in repr(configured(TicketsBySearch(["TICKET"]), examples=(example,)))
