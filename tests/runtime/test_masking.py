import pytest

from promptguard.model import DataClass, Finding
from promptguard.runtime.masking import masked


def found(start: int, end: int, entity_type: str) -> Finding:
    return Finding(0, start, end, entity_type, DataClass.PERSONAL_DATA, 0.9, "a detector", "f")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], "0123456789"),
        ([found(2, 4, "A")], "01[A]456789"),
        ([found(0, 3, "A"), found(7, 10, "B")], "[A]3456[B]"),
        ([found(2, 6, "A"), found(4, 8, "B")], "01[A][B]89"),
        ([found(2, 8, "A"), found(4, 6, "B")], "01[A][B]89"),
    ],
)
def test_nothing_of_what_was_found_is_left(findings, expected) -> None:
    assert masked("0123456789", findings) == expected


def test_what_was_found_once_is_masked_wherever_it_stands() -> None:
    text = "my password is hunter22; hunter22 is on a poster, abc"
    assert masked(text, [found(15, 23, "PASSWORD"), found(50, 53, "A")]) == (
        "my password is [PASSWORD]; [PASSWORD] is on a poster, [A]"
    )
