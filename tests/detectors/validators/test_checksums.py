import pytest

from promptguard.detectors.validators.checksums import luhn, luhn_valid, mod97


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("79927398713", True),
        ("79927398710", False),
        ("0000000000", False),
    ],
)
def test_luhn(text: str, valid: bool) -> None:
    assert luhn(text) is valid


def test_luhn_needs_the_last_digit() -> None:
    assert [digit for digit in range(10) if luhn_valid([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, digit])] == [3]


def test_mod97_counts_letters() -> None:
    assert mod97("3214282912345698765432161182") == mod97("3214282912345698765432161182".replace("10", "A")) == 1
