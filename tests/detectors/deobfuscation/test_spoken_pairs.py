from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.spoken_pairs import SPOKEN_PAIRS


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (
            "It is forty-five thirty-nine fourteen eighty-eight oh three forty-three, ok",
            "It is 453914880343, ok",
        ),
        ("forty five thirty nine fourteen eighty eight zero three forty three", "453914880343"),
        ("Forty-five, thirty-nine, fourteen, eighty-eight, twenty, thirty", "453914882030"),
        ("fünfundvierzig neununddreißig vierzehn achtundachtzig dreiundvierzig zwölf", "453914884312"),
        (": 4 five 3 nine 1 four 8 eight 0 three 4 three", ": 453914880343"),
        ("between forty-five and fifty-two, or sixty-one at most", None),
        ("twenty-one guests, thirty-two chairs", None),
    ],
)
def test_numbers_said_in_pairs(read: Callable[[Obfuscation, str], str | None], text: str, reading: str | None) -> None:
    assert read(SPOKEN_PAIRS, text) == reading
