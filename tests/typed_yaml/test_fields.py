import pytest

from promptguard.typed_yaml.fields import is_encrypted_or_here, is_this_machine


@pytest.mark.parametrize(
    ("url", "well"),
    [
        ("https://a.example", True),
        ("http://127.0.0.1:3000", True),
        ("http://localhost", True),
        ("http://[::1]:3000/x", True),
        ("http://localhost.evil.example", False),
        ("http://10.0.0.1", False),
        ("ftp://localhost", False),
        ("", False),
        ("https://", False),
    ],
)
def test_nobody_on_the_way_reads_what_is_sent(url: str, well: bool) -> None:
    assert is_encrypted_or_here(url) is well


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("proxy", False),
    ],
)
def test_is_this_machine(host: str, expected: bool) -> None:
    assert is_this_machine(host) is expected
