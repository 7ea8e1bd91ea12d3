import time

import pytest

from promptguard.detectors.names.signs import without_signs


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ask @Priya Raman now", "ask  Priya Raman now"),
        ("_Lena Vogt_ wrote", " Lena Vogt  wrote"),
        ("👍Lena Vogt", " Lena Vogt"),
        ("❤️Lena", "  Lena"),
        ("Thanks Lena😊", "Thanks Lena "),
        ("「Lena Vogt」です", " Lena Vogt です"),
        ("1. Lena Vogt", "   Lena Vogt"),
        ("see “Lena Vogt”!", "see  Lena Vogt !"),
        ("Lena Vogt", "Lena Vogt"),
        ("**Getting Started**", "**Getting Started**"),
        ("$total = {price}", "$total = {price}"),
        ("", ""),
    ],
)
def test_reading(text: str, plain: str) -> None:
    read, names = without_signs(text)
    assert read == plain
    assert len(read) == len(text)
    assert bool(names) == (plain != text)


@pytest.mark.parametrize("piece", ["*", "😊", "Lena ", "A", "@Lena Vogt ", "1. "])
def test_time_is_linear(piece: str) -> None:
    started = time.perf_counter()
    without_signs(piece * 50_000)
    assert time.perf_counter() - started < 5
