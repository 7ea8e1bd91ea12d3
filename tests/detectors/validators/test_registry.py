import pytest

from promptguard.detectors.validators.registry import VALIDATORS, load_validators, validator


def test_a_name_is_taken_once() -> None:
    load_validators()
    with pytest.raises(ValueError, match="luhn"):
        validator("luhn")(lambda _: None)
    assert VALIDATORS["luhn"]("79927398713")


def test_validators_of_all_modules_are_found() -> None:
    assert {"luhn", "payment_card", "iban", "us_ssn", "email_address", "jwt"} <= set(load_validators())
