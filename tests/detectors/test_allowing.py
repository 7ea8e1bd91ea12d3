from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.detectors.allowing import parted, parted_originals, that_left
from promptguard.detectors.names.mentions import MENTIONED
from promptguard.detectors.recognizers.allow_list import AllowList, load_allow_list
from promptguard.model import Allowed, DataClass, Finding, Match, Recalled, Segment

LIST = """\
allow:
  - {id: our-contacts, values: [info@fabrikam.example], entity_types: [EMAIL_ADDRESS]}
  - {values: [Ada Lovelace], entity_types: [PERSON]}
"""


@pytest.fixture
def listed(tmp_path: Path) -> AllowList:
    (tmp_path / "allow.yaml").write_text(LIST)
    return load_allow_list(tmp_path / "allow.yaml")


def match(text: str, value: str, entity_type: str, score: float = 0.9) -> Match:
    start = text.rindex(value)
    return Match(start, start + len(value), entity_type, score, "Recognizer", DataClass.PERSONAL_DATA)


@pytest.mark.parametrize(
    ("value", "entity_type", "score", "entry"),
    [
        ("info@fabrikam.example", "EMAIL_ADDRESS", 0.9, "our-contacts"),
        ("info@fabrikam.example", "URL", 0.9, None),
        ("Ada Lovelace", "PERSON", 0.9, "allow.yaml:3"),
        ("Lovelace", "PERSON", MENTIONED, "allow.yaml:3"),  # named in full before
        ("Lovelace", "PERSON", 0.9, None),
        ("Bob", "PERSON", MENTIONED, None),
    ],
)
def test_what_passes_says_by_which_entry(
    listed: AllowList, value: str, entity_type: str, score: float, entry: str | None
) -> None:
    text = f"Ada Lovelace wrote: {value}"
    first = match(text[:12], "Ada Lovelace", "PERSON")
    kept, passed = parted(listed, text, [first, match(text, value, entity_type, score)])
    assert [each.allowance for each in passed] == ["allow.yaml:3", *([entry] if entry else [])]
    assert [each.allowance for each in kept] == ([] if entry else [None])


def test_an_original_that_is_allowed_by_now_is_none(listed: AllowList) -> None:
    segments = [Segment((), "to info@fabrikam.example and to x@fabrikam.example")]
    ours, other = Recalled(0, 3, 24, "[EMAIL_ADDRESS_A]"), Recalled(0, 32, 50, "[EMAIL_ADDRESS_B]")
    assert parted_originals(listed, segments, [ours, other]) == ([other], [Allowed(0, 3, 24, "our-contacts")])


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([(0, 5, 10)], [(0, 5, 10)]),
        ([(0, 5, 10), (0, 5, 10)], [(0, 5, 10)]),  # by two recognizers
        ([(0, 6, 8), (0, 5, 10)], [(0, 5, 10)]),
        ([(1, 6, 8), (0, 5, 10)], [(0, 5, 10), (1, 6, 8)]),
        ([(0, 20, 30), (0, 22, 25)], []),  # replaced with the finding around it
        ([(0, 15, 35)], [(0, 15, 35)]),
        ([(1, 20, 30)], [(1, 20, 30)]),
    ],
)
def test_each_place_counts_once(spans: list[tuple[int, int, int]], left: list[tuple[int, int, int]]) -> None:
    finding = Finding(0, 20, 30, "URL", DataClass.PERSONAL_DATA, 0.9, "Recognizer", "f")
    found = that_left([Allowed(*span, "a") for span in spans], [finding])
    assert [(each.segment, each.start, each.end) for each in found] == left
