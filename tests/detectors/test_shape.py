import pytest

from promptguard.detectors.shape import MAX_SHAPE_LENGTH, masked_shape


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("", ""),
        ("Jo1", "Aa9"),
        ("Jane.Doe@acme.com", "Aaaa.Aaa@aaa….aaa"),
        ("536-22-8726", "999-99-999…"),
        ("hunter2", "aaa…9"),
        ("Ünal ß²", "Aaaa a9"),
        ("a\u200bb\n", "a?a "),
        ("ABCD", "AAA…"),
    ],
)
def test_masked_shape(value: str, shape: str) -> None:
    assert masked_shape(value) == shape


@pytest.mark.parametrize("value", ["a1" * 100_000, "x" * 1_000_000, "-." * 50])
def test_length_is_bounded(value: str) -> None:
    assert len(masked_shape(value)) <= MAX_SHAPE_LENGTH


def test_no_letter_or_digit_of_the_value_survives() -> None:
    shape = masked_shape("bcdefgXYZ0123456780")
    assert not set(shape) - set("aA9…")
