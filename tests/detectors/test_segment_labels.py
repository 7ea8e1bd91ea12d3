from __future__ import annotations

import pytest

from promptguard.detectors.segment_labels import MAX_VALUE, read_labels
from promptguard.model import Role, Segment


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("", ""),
        ("phone", "phone"),
        ("office\nwifi", "office wifi"),
        ("localhost\npassword", "password"),
        ("password\nanna", "password"),
        ("What is your password?", "password"),
        ("Which API key do you use?", "API key"),
        ("Password field\ne12", "Password"),
        ("#pass_input\ne12", "#pass"),
        ("date of birth", "date of birth"),
        ("Telephone number?", "Telephone number"),
    ],
)
def test_one_label_of_what_is_told(label: str, expected: str) -> None:
    assert read_labels([Segment((), "x", label=label)])[0].label == expected


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("my date of birth is", "14.03.1975", "my date of birth"),
        ("**IBAN:**", "x", "**IBAN"),
        ("Tell me more.", "x", ""),
        ("The list:", "x" * (MAX_VALUE + 1), ""),
        ("The list:", "a b c d e f g", ""),
    ],
)
def test_what_breaks_off_labels_what_follows(before: str, text: str, expected: str) -> None:
    assert read_labels([Segment(("a",), before), Segment(("b",), text)])[1].label == expected


def test_a_label_of_its_own_stays_and_names_are_passed_over() -> None:
    segments = [Segment((), "it is:"), Segment((), "x", Role.KEY), Segment((), "y", label="own")]
    assert [segment.label for segment in read_labels(segments)] == ["", "", "own"]
