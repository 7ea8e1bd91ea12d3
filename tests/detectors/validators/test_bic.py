import pytest

from promptguard.detectors.validators.bic import bic


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("COBADEFFXXX", None),
        ("BNPAFRPP", None),
        ("COBAXXFF", False),
        ("PROTOCOL", False),
    ],
)
def test_bic(text: str, verdict: bool | None) -> None:
    assert bic(text) is verdict
