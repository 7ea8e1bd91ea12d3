from __future__ import annotations

from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.digit_rows import DIGIT_ROWS
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


NUMBER = "4" + "11122223333" + "4444"


@pytest.mark.parametrize(
    "sign",
    [", ", "; ", "\n", "\r\n", "\n\n", " | ", "·", "•", "\ue000", "=", "+", "~", ":", "、", '","', '", "', "...", "_"],
)
@pytest.mark.parametrize("before", ["card ", "Kartennummer:\n", "número de tarjeta: "])
def test_a_digit_at_a_time(read: Read, before: str, sign: str) -> None:
    assert read(DIGIT_ROWS, f"{before}{sign.join(NUMBER)} ok") == f"{before}{NUMBER} ok"


@pytest.mark.parametrize("sign", ['","', '", "', ", ", "\n", "/"])
def test_a_group_at_a_time(read: Read, sign: str) -> None:
    groups = (NUMBER[:4], NUMBER[4:8], NUMBER[8:12], NUMBER[12:])
    assert read(DIGIT_ROWS, f"card {sign.join(groups)} ok") == f"card {NUMBER} ok"


def test_between_signs_that_no_list_has_no_word_is_needed(read: Read) -> None:
    assert read(DIGIT_ROWS, "x " + "·".join(NUMBER)) == f"x {NUMBER}"


@pytest.mark.parametrize(
    "text",
    [
        "scores " + ", ".join(NUMBER),
        "card " + ", ".join(NUMBER * 2),
        "card " + ", ".join(NUMBER[:9]),
        "card 4, 1; 1, 1, 2, 2; 2, 2, 3, 3, 3, 3, 4, 4",
        "1, 2, 3, 4",
        "card " + " ".join((NUMBER[:4], NUMBER[4:8], NUMBER[8:12], NUMBER[12:])),
        "card 1999, 2004, 2010, 2020, 2024, 2025",
    ],
)
def test_rows_that_are_data(read: Read, text: str) -> None:
    assert read(DIGIT_ROWS, text) is None
