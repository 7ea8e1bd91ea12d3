import pytest

from promptguard.detectors.secrets.documented_values import DOCUMENTED, is_documented_key


@pytest.mark.parametrize("value", sorted(DOCUMENTED))
def test_documented(value: str) -> None:
    assert is_documented_key(value)
    assert is_documented_key(value.upper())


def test_signature_of_a_token() -> None:
    assert is_documented_key("e" + "yJhbGciOiJIUzI1NiJ9.e30." + "SflKxwRJSMeKKF2QT4" + "fwpMeJf36POk6yJV_adQssw5c")


@pytest.mark.parametrize("value", ["", "JBSWY3DPEHPK3PXQ", "kQ3vZ8xW1nT6yR0pL5sD"])
def test_others(value: str) -> None:
    assert not is_documented_key(value)
