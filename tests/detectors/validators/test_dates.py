import pytest

from promptguard.detectors.validators.registry import load_validators


@pytest.mark.parametrize(
    "text",
    [
        "31.12.1999",
        "12/31/99",
        "1985-02-28",
        "5 6 2010",
        "12 May 1985",
        "May 12th, 1985",
        "4. Dezember 1979",
        "3 de mayo de 1990",
        "12 janvier 1968",
        "1er août 1970",
        "14 febbraio 1988",
        "2 maart 1990",
        "5. maj 1980",
        "1990-Mar-05",
        "March 14th",
        "29 February",
    ],
)
def test_dates(text: str) -> None:
    assert load_validators()["calendar_date"](text) is None


@pytest.mark.parametrize(
    "text",
    [
        "32.12.1999",
        "13/32/99",
        "1985-02-30",
        "99/99/9999",
        "31 April 1985",
        "12 Gadgets",
        "12 Gadgets 1985",
        "May",
        "",
        "5",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert load_validators()["calendar_date"](text) is False
