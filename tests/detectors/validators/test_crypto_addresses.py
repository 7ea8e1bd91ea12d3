import pytest

from promptguard.detectors.validators.crypto_addresses import bitcoin_address


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
    assert bitcoin_address(address) is valid
