import phonenumbers
import pytest

from promptguard.detectors.reference.numbering_plans import NumberingPlans

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "DK", "IN")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("kind", [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE])
def test_examples_of_each_region(region: str, kind: int) -> None:
    example = phonenumbers.example_number_for_type(region, kind)
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert NumberingPlans([region]).have("".join(filter(str.isdigit, national)))


@pytest.mark.parametrize("digits", ["", "0", "00000000000", "1111111111", "123456", "99999999999999"])
def test_what_no_plan_has(digits: str) -> None:
    assert not NumberingPlans(REGIONS).have(digits)


def test_a_number_is_of_its_region() -> None:
    assert NumberingPlans(["FR"]).have("0142685300")
    assert not NumberingPlans(["DK"]).have("0142685300")


def test_unknown_region() -> None:
    with pytest.raises(ValueError, match="no region UK"):
        NumberingPlans(["US", "UK"])
