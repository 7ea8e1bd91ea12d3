from __future__ import annotations

import re

import pytest

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.model_thresholds import THRESHOLDS
from promptguard.detectors.names.span_assembly import assemble


def judged(text: str, persons: dict[str, float], locations: dict[str, float]) -> list[Word]:
    """Words as the tokenizer makes them, with probabilities by word."""
    return [
        Word(match.start(), match.end(), persons.get(match[0], 0.0), locations.get(match[0], 0.0), "")
        for match in re.finditer(r"[^\W_]+|[^\w\s]|_", text)
    ]


@pytest.mark.parametrize(
    ("text", "persons", "locations", "expected"),
    [
        ("Ask Jane Roe now", {"Jane": 0.9, "Roe": 0.2}, {}, [("Jane Roe", "PERSON")]),
        ("Ask Jane, Roe", {"Jane": 0.9, "Roe": 0.8}, {}, [("Jane", "PERSON"), ("Roe", "PERSON")]),
        ("Bob O'Brien-Roe.", {"Bob": 0.9, "O": 0.9, "Brien": 0.9, "Roe": 0.9}, {}, [("Bob O'Brien-Roe", "PERSON")]),
        ("Ask Jane K. Example.", {"Jane": 0.9}, {}, [("Jane K. Example", "PERSON")]),
        ("Ask Jane K. example.", {"Jane": 0.9}, {}, [("Jane", "PERSON")]),
        ("Johansson, Anna, 42", {"Anna": 0.9}, {}, [("Johansson, Anna", "PERSON")]),
        ("Name: van der Jansen, Pieter\nAge: 9", {"Pieter": 0.9}, {}, [("van der Jansen, Pieter", "PERSON")]),
        ("| ZORBLAX, ANNA |", {"ANNA": 0.99}, {}, [("ZORBLAX, ANNA", "PERSON")]),
        ('"customer": "Johansson, Anna"', {"Anna": 0.9}, {}, [("Johansson, Anna", "PERSON")]),
        ("customer = Johansson, Anna", {"Anna": 0.9}, {}, [("Johansson, Anna", "PERSON")]),
        ("Ask Hye-jin today", {"Hye": 0.9}, {}, [("Hye-jin", "PERSON")]),
        ("London, Anna said", {"Anna": 0.9}, {}, [("Anna", "PERSON")]),
        ("Hola, Anna", {"Anna": 0.9}, {}, [("Anna", "PERSON")]),
        ("She met Johansson, Anna and Jim", {"Anna": 0.9}, {}, [("Anna", "PERSON")]),
        ("af overlæge Zorblax i dag", {}, {"Zorblax": 0.9}, [("Zorblax", "PERSON")]),
        ("Set apiKey, NSInteger or refreshToken", {"apiKey": 1.0, "NSInteger": 1.0, "refreshToken": 1.0}, {}, []),
        ("Ask DeVito or McRoe", {"DeVito": 0.9, "McRoe": 0.9}, {}, [("DeVito", "PERSON"), ("McRoe", "PERSON")]),
        ("An ApiKey, or MaryAnn", {"ApiKey": 1.0, "MaryAnn": 0.9}, {}, [("MaryAnn", "PERSON")]),
        ("replace oldString", {}, {"oldString": 0.95}, []),
        ("Ask Claude or Gemini CLI", {"Claude": 1.0, "Gemini": 1.0, "CLI": 0.9}, {}, []),
        ("Ask Frau Jenkins", {"Jenkins": 0.9}, {}, [("Jenkins", "PERSON")]),
        ("Ask zorblax", {"zorblax": 0.9}, {}, []),
        ("Ask jane", {"jane": 0.7}, {}, [("jane", "PERSON")]),
        ("ask jane", {"jane": 0.9}, {}, [("jane", "PERSON")]),
        ("Ask zorblax", {"zorblax": 0.995}, {}, [("zorblax", "PERSON")]),
        ("The ACME thing", {"ACME": 0.8}, {}, []),
        ("In our meeting on Friday purchasing agreed", {"Friday": 0.9}, {}, []),
        ("She realized that Monday was a holiday", {"Monday": 0.9}, {}, []),
        ("Herr Freitag sagt, dass Freitag frei ist", {"Freitag": 0.9}, {}, [("Freitag", "PERSON")]),
        ("It increases the dosha, said Dosha", {"dosha": 0.99, "Dosha": 0.9}, {}, [("Dosha", "PERSON")]),
        ("it is about the joy of togetherness in the house", {"togetherness": 0.95}, {}, []),
        ("Call Jane() or jane_Roe", {"Jane": 0.9, "jane": 0.99, "Roe": 0.9}, {}, []),
        ("Mail Jane@example", {"Jane": 0.9}, {}, []),
        ("Agent X 7", {"X": 0.9, "7": 0.9}, {}, []),
        (
            "At 12 Example St, Springfield,\nIL 62704.",
            {},
            {"12": 0.9, "Example": 0.9, "St": 0.9, "Springfield": 0.9, "IL": 0.9, "62704": 0.9},
            [("12 Example St, Springfield,\nIL 62704", "LOCATION")],
        ),
        ("Lunch in spring.", {}, {"spring": 0.99}, []),
        ("Policyholder of London", {}, {"Policyholder": 0.5, "London": 0.5}, [("London", "LOCATION")]),
        ("Off to Zorblax", {}, {"Zorblax": 0.8}, [("Zorblax", "LOCATION")]),
        ("lunch in paris", {}, {"paris": 0.99}, [("paris", "LOCATION")]),
        ("Notes\n# Base64\n", {}, {"Base64": 0.9}, [("Base64", "LOCATION")]),
        ("At Suite 960 today", {}, {"960": 0.9}, [("Suite 960", "LOCATION")]),
        ("The 12 of them", {}, {"12": 0.9}, []),
        ("The dog (Noun) barks", {}, {"Noun": 0.9}, []),
        ("Who's there? Banana.\nBanana who?", {}, {"Banana": 0.9}, []),
        (
            "woont in 's-Hertogenbosch nu",
            {},
            {"s": 0.5, "Hertogenbosch": 0.9},
            [("s-Hertogenbosch", "LOCATION")],
        ),
        ("'s Zorblax Grove", {}, {"s": 0.5, "Zorblax": 0.9, "Grove": 0.9}, [("s Zorblax Grove", "LOCATION")]),
        (
            "It is Fleming's Zorblax Grove",
            {},
            {"s": 0.5, "Zorblax": 0.9, "Grove": 0.9},
            [("Zorblax Grove", "LOCATION")],
        ),
        ("The Number 12", {}, {"Number": 0.1, "12": 0.99}, []),
        (
            "In Springfield with Jane",
            {"Jane": 0.9},
            {"Springfield": 0.9},
            [("Springfield", "LOCATION"), ("Jane", "PERSON")],
        ),
        ("Jane called at noon", {"Jane": 0.9, "called": 0.3}, {}, [("Jane", "PERSON")]),
        ("Ask van Roe", {"van": 0.6, "Roe": 0.9}, {}, [("van Roe", "PERSON")]),
        ("Jane is here", {"Jane": 0.15}, {}, [("Jane", "PERSON")]),
        ("Zorblax is here", {"Zorblax": 0.5}, {}, []),
        ("Jane Roe Ltd is here", {"Jane": 0.9, "Roe": 0.9}, {}, []),
        ("At Springfield Capital", {}, {"Springfield": 0.9}, []),
        ("To Springfield by train", {}, {"Springfield": 0.9, "by": 0.2, "train": 0.1}, [("Springfield", "LOCATION")]),
        ("From Paris", {"Paris": 0.6}, {"Paris": 0.3}, [("Paris", "PERSON")]),
    ],
)
def test_assemble(
    text: str, persons: dict[str, float], locations: dict[str, float], expected: list[tuple[str, str]]
) -> None:
    spans = assemble(text, judged(text, persons, locations), THRESHOLDS[ModelKind.COMPACT])
    assert [(text[span.start : span.end], span.entity_type) for span in spans] == expected
