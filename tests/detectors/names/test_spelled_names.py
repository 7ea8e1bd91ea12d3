from __future__ import annotations

import pytest

from promptguard.detectors.names.spelled_names import find_spelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The tenant is called T a m s i n and lives here", ["T a m s i n"]),
        ("Write to B o r i s  K e t t l e today", ["B o r i s", "K e t t l e"]),
        ("name: J A N E", ["J A N E"]),
        ("It is Y-u-s-u-f.", ["Y-u-s-u-f"]),
        ("S a l e today", []),
        ("S T O P and T E S L A", []),
        ("A b c d e", []),
        ("U.S.A. and N.A.T.O.", []),
        ("x J a n e t x", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_spelled(text)] == expected
