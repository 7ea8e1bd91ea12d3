"""Values that a label tells."""

import pytest

from promptguard.detectors.validators.registry import load_validators


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("identity_number", "S1234567D", None),
        ("identity_number", "12.345.678-9", None),
        ("identity_number", "1234", False),
        ("identity_number", "00000000", False),
        ("identity_number", "2024-01-15", False),
        ("identity_number", "15.01.2024", False),
        ("identity_number", "10.20.30.40", False),
        ("labelled_phone", "13826459173", None),
        ("labelled_phone", "(0)90 123-45-67", None),
        ("labelled_phone", "123456", False),
        ("labelled_phone", "415-555-0123", False),
        ("labelled_phone", "2024-01-15 10", False),
        ("labelled_phone", "10.4.12.200", False),
        ("dialled_phone", "010 48 601 234 567", None),
        ("dialled_phone", "491714738852", None),
        ("dialled_phone", "010 20 30 40 50", False),
        ("labelled_name", "Tamsin", None),
        ("labelled_name", "Anna Maria de Souza", None),
        ("labelled_name", "HOLLOWAY", None),
        ("labelled_name", "王小明", None),
        ("labelled_name", "yusuf", None),
        ("labelled_name", "String", False),
        ("labelled_name", "Last Name", False),
        ("labelled_name", "something", False),
        ("labelled_name", "Payment Service", False),
        ("labelled_name", "", False),
    ],
)
def test_checks(name: str, text: str, verdict: object) -> None:
    assert load_validators()[name](text) is verdict
