import pytest

from promptguard.detectors.validators.iban import iban, iban_length


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("de89370400440532013000", True),
        ("DE89 3704 0044 0532 0130 01", False),
        ("DE8937040044053201300", False),
        ("XX89370400440532013000", False),
    ],
)
def test_iban(text: str, valid: bool) -> None:
    assert iban(text) is valid


def test_length_by_country() -> None:
    assert iban_length("no") == 15
    assert iban_length("US") is None
