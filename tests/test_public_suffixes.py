import pytest

from promptguard.public_suffixes import registrable


@pytest.mark.parametrize(
    ("host", "verdict"),
    [("example.org", True), ("a.b.example.co.uk", True), ("co.uk", False), ("logo.png", False), ("intranet", False)],
)
def test_registrable(host: str, verdict: bool) -> None:
    assert registrable(host) is verdict
