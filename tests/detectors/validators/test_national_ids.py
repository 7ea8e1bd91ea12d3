import pytest

from promptguard.detectors.validators.national_ids import verhoeff_valid
from promptguard.detectors.validators.registry import load_validators


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("uk_nhs", "943 476 5919", "943 476 5918"),
        ("de_tax_id", "86 095 742 719", "86 095 742 718"),
        ("de_tax_id", "47036892816", "47036892817"),
        ("de_tax_id", "86 095 742 719", "12345678903"),
        ("de_id_card", "L01X00T471", "L01X00T472"),
        ("fr_nir", "2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
        ("es_nif", "12345678Z", "12345678A"),
        ("es_nif", "X1234567L", "X1234567M"),
        ("it_fiscal_code", "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
        ("nl_bsn", "111222333", "111222334"),
        ("nl_bsn", "123456782", "000000000"),
        ("dk_cpr", "070761-4285", "310261-4285"),
        ("in_aadhaar", "2341 2341 2346", "2341 2341 2347"),
        ("in_aadhaar", "234123412346", "134123412346"),
    ],
)
def test_check_digits(name: str, valid: str, invalid: str) -> None:
    check = load_validators()[name]
    assert check(valid)
    assert check(invalid) is False


@pytest.mark.parametrize(
    ("name", "possible", "impossible"),
    [
        ("us_ssn", "536-22-8726", "666-22-8726"),
        ("us_ssn", "536 22 8726", "536-22 8726"),
        ("us_ssn", "001-01-0001", "900-22-8726"),
        ("us_ssn", "536228726", "078051120"),
        ("uk_nino", "AB123456C", "GB123456C"),
        ("us_aba", "021000021", "021000022"),
        ("us_dea", "AB1234563", "AB1234564"),
    ],
)
def test_what_leaves_the_score_alone(name: str, possible: str, impossible: str) -> None:
    check = load_validators()[name]
    assert check(possible) is None
    assert check(impossible) is False


def test_corsican_departments() -> None:
    number = "1 84 12 2A 123 456 "
    key = 97 - int(number.replace("2A", "19").replace(" ", "")) % 97
    assert load_validators()["fr_nir"](f"{number}{key:02}") == 0.95
    assert load_validators()["fr_nir"](f"{number}{(key + 1) % 97:02}") is False


def test_danish_numbers_without_check_digit_are_less_sure() -> None:
    check = load_validators()["dk_cpr"]
    assert check("070761-4285") == 0.6
    assert check("010107-1234") == 0.3


@pytest.mark.parametrize("position", range(11))
def test_verhoeff_sees_neighbours_swapped(position: int) -> None:
    digits = [2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 6]
    swapped = [*digits[:position], digits[position + 1], digits[position], *digits[position + 2 :]]
    assert verhoeff_valid(digits)
    assert verhoeff_valid(swapped) == (swapped == digits)
