from __future__ import annotations

import pytest

from promptguard.detectors.names.whole_names import end_of_name


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("Ask Jane K. Example.", "Jane", "Jane K. Example"),
        ("Ask Jane A. P. Example", "Jane", "Jane A. P. Example"),
        ("Ask Jane K. example", "Jane", "Jane"),
        ("Patrick (Petriko) Example wrote", "Patrick", "Patrick (Petriko) Example"),
        ("Andrea `Zuse' Example wrote", "Andrea", "Andrea `Zuse' Example"),
        ('Max "The Hat" van Example', "Max", 'Max "The Hat" van Example'),
        ("Jane (our boss) wrote", "Jane", "Jane"),
        ("Robert Example Jr. wrote", "Robert Example", "Robert Example Jr."),
        ("I met Robert Example Jr.", "Robert Example", "Robert Example Jr"),
        ("Jane Example, PhD, MD", "Jane Example", "Jane Example, PhD, MD"),
        ("Jane Example III", "Jane Example", "Jane Example III"),
        ("Jane MD", "Jane", "Jane"),
        ("Jane Example MDX", "Jane Example", "Jane Example"),
        ("Jane USB Serial", "Jane", "Jane"),
    ],
)
def test_end_of_name(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : end_of_name(text, start, start + len(found))] == whole
