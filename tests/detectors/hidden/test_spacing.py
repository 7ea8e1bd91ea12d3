from collections.abc import Callable

import pytest

from promptguard.detectors.hidden.interface import Disguise
from promptguard.detectors.hidden.spacing import DIGIT_GROUPS, SEPARATED, SPACED

type Read = Callable[[Disguise, str], str | None]


@pytest.mark.parametrize(
    ("disguise", "text", "reading"),
    [
        (SPACED, "key s k - a n t - a p i 0 3 end", "key sk-ant-api03 end"),
        (SPACED, "h e l l o   w o r l d !", "hello world!"),
        (SPACED, "I a m b i g", None),
        (SPACED, "4 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7", "4539148803436467"),
        (SPACED, "4 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7\n1 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7", None),
        (SEPARATED, "a.b.c.d.e.f.g.h.i.j.k", "abcdefghijk"),
        (SEPARATED, "a.b-c.d-e.f-g.h-i.j-k", None),
        (SEPARATED, "1.2.3.4.5.6", None),
        (DIGIT_GROUPS, "4539/1488/0343/6467", "4539-1488-0343-6467"),
        (DIGIT_GROUPS, "4539 - 1488 - 0343 - 6467", "4539-1488-0343-6467"),
        (DIGIT_GROUPS, "4539 1488 0343 6467", None),
        (DIGIT_GROUPS, "4539/1488/0343/64678", None),
    ],
)
def test_readings(read: Read, disguise: Disguise, text: str, reading: str | None) -> None:
    assert read(disguise, text) == reading
