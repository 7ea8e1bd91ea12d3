import pytest

from promptguard.detectors.validators import VALIDATORS, iban_length, load_validators, luhn_valid, validator


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("luhn", "79927398713", True),
        ("luhn", "79927398710", False),
        ("luhn", "0000000000", False),
        ("payment_card", "4539 1488 0343 6467", True),
        ("payment_card", "4539148803436467", True),
        ("payment_card", "4539148803436468", False),
        ("payment_card", "6304219447607087665", 0.75),
        ("payment_card", "7000000000000005", 0.3),
        ("payment_card", "4444 4444 4444 4448", False),
        ("payment_card", "79927398713", False),
        ("iban", "DE89 3704 0044 0532 0130 00", True),
        ("iban", "de89370400440532013000", True),
        ("iban", "DE89 3704 0044 0532 0130 01", False),
        ("iban", "DE8937040044053201300", False),
        ("iban", "XX89370400440532013000", False),
    ],
)
def test_verdict(name: str, text: str, verdict: object) -> None:
    assert load_validators()[name](text) is verdict or load_validators()[name](text) == verdict


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="luhn"):
        validator("luhn")(lambda _: None)
    assert VALIDATORS["luhn"]("79927398713")


def test_validators_of_other_modules_are_found() -> None:
    assert {"luhn", "us_ssn", "email_address"} <= set(load_validators())


def test_luhn_needs_the_last_digit() -> None:
    assert [digit for digit in range(10) if luhn_valid([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, digit])] == [3]


def test_iban_length_by_country() -> None:
    assert iban_length("no") == 15
    assert iban_length("US") is None
