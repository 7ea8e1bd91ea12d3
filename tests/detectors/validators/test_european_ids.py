import pytest

from promptguard.detectors.validators.registry import load_validators


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("es_nss", "28 12345678 40", "28 12345678 41"),
        ("es_nss", "281234567840", "991234567840"),
        ("be_national_number", "85.07.30-033.28", "85.07.30-033.29"),
        ("be_national_number", "85073003328", "85133003328"),
        ("at_social_security", "1237 010180", "1238 010180"),
        ("at_social_security", "1237 010180", "1237 320180"),
        ("ch_ahv", "756.9217.0769.85", "756.9217.0769.84"),
        ("ch_ahv", "7569217076985", "7559217076985"),
        ("se_personal_number", "811218-9876", "811218-9875"),
        ("se_personal_number", "19811218-9876", "811318-9876"),
        ("no_birth_number", "01010750160", "01010750161"),
        ("no_birth_number", "010107 50160", "99010750160"),
        ("fi_personal_code", "131052-308T", "131052-308U"),
        ("fi_personal_code", "131052-308t", "321052-308T"),
        ("pl_pesel", "44051401359", "44051401358"),
        ("pl_pesel", "02070803628", "44131401359"),
        ("pt_nif", "123456789", "123456788"),
        ("pt_nif", "123 456 789", "923456789"),
        ("ie_pps", "1234567T", "1234567A"),
        ("ie_pps", "1234567FA", "1234567FB"),
        ("uk_utr", "1123456789", "2123456789"),
    ],
)
def test_check_digits(name: str, valid: str, invalid: str) -> None:
    check = load_validators()[name]
    assert check(valid)
    assert check(invalid) is False


def test_german_pension_insurance_numbers() -> None:
    check = load_validators()["de_social_security"]
    assert check("15 070649 C 103") == 0.6
    # Mistyped, and still somebody's where a word says so.
    assert check("65 070649 C 103") == 0.1
    assert check("15 070649 1103") is False


@pytest.mark.parametrize(
    ("name", "surer", "less_sure"),
    [
        ("be_national_number", "85.07.30-033.28", "85073003328"),
        ("se_personal_number", "811218-9876", "8112189876"),
    ],
)
def test_the_printed_form_is_surer(name: str, surer: str, less_sure: str) -> None:
    check = load_validators()[name]
    high, low = check(surer), check(less_sure)
    assert isinstance(high, float)
    assert isinstance(low, float)
    assert high > 0.4 > low
