import pytest

from promptguard.detectors.validators import load_validators


@pytest.mark.parametrize(
    ("name", "possible", "impossible"),
    [
        ("mistyped_card", "4539 1488 0343 6468", "1234 5678 9012 3456"),
        ("mistyped_card", "4539148803436468", "0000 0000 0000 0000"),
        ("mistyped_card", "4539 1488 0343 6468", "4539 1488"),
        ("bic", "COBADEFFXXX", "COBAXXFF"),
        ("bic", "BNPAFRPP", "PROTOCOL"),
    ],
)
def test_what_leaves_the_score_alone(name: str, possible: str, impossible: str) -> None:
    check = load_validators()[name]
    assert check(possible) is None
    assert check(impossible) is False


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("1A1zP1eP5QGefi2DMP" + "TfTL5SLmv7DivfNa", True),
        ("1A1zP1eP5QGefi2DMP" + "TfTL5SLmv7DivfNb", False),
        ("z" * 35, False),
        ("bc1qar0srrr7xfkvy5l643" + "lydnw9re59gtzzwf5mdq", True),
        ("BC1QAR0SRRR7XFKVY5L643" + "LYDNW9RE59GTZZWF5MDQ", True),
        ("bc1qar0srrr7xfkvy5l643" + "lydnw9re59gtzzwf5mdz", False),
        ("bc1Qar0srrr7xfkvy5l643" + "lydnw9re59gtzzwf5mdq", False),
        ("bc1bar0srrr7xfkvy5l643" + "lydnw9re59gtzzwf5mdq", False),
    ],
)
def test_bitcoin_address(address: str, valid: bool) -> None:
    assert load_validators()["bitcoin_address"](address) is valid
