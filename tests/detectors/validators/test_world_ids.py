import pytest

from promptguard.detectors.validators.registry import load_validators


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("ca_sin", "130 692 544", "130 692 545"),
        ("ca_sin", "130692544", "046454286"),
        ("au_tfn", "123 456 782", "123 456 783"),
        ("au_medicare", "2123 45670 1", "2123 45671 1"),
        ("au_medicare", "2123456701", "9123456701"),
        ("br_cpf", "529.982.247-25", "529.982.247-26"),
        ("br_cpf", "52998224725", "11111111111"),
        ("mx_curp", "HEGG560427" + "MVZRRL04", "HEGG560427" + "MVZRRL05"),
        ("us_npi", "1234567893", "1234567894"),
        ("us_npi", "1245319599", "3245319599"),
        ("za_id", "8001015009087", "8001015009088"),
        ("za_id", "800101 5009 087", "8013015009087"),
    ],
)
def test_check_digits(name: str, valid: str, invalid: str) -> None:
    check = load_validators()[name]
    assert check(valid)
    assert check(invalid) is False


def test_the_printed_form_is_surer() -> None:
    check = load_validators()["br_cpf"]
    assert check("529.982.247-25") == 0.9
    assert check("52998224725") == 0.35
