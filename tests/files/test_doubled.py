from __future__ import annotations

import pytest

from promptguard.files.doubled import undoubled


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PPaasssswwoorrdd:: hheerroonn77", "Password: heron7"),
        ("first\nPPaasssswwoorrdd iiss 1122\nlast", "Password is 12"),
        ("a committee of bookkeepers", ""),
        ("", ""),
    ],
)
def test_letters_that_are_drawn_twice(text: str, found: str) -> None:
    assert undoubled(text) == found
