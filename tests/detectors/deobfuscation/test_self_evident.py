import pytest

from promptguard.detectors.deobfuscation.self_evident import is_self_evident
from promptguard.model import DataClass, Match


@pytest.mark.parametrize(
    ("entity_type", "data_class", "score", "kind", "expected"),
    [
        ("CREDIT_CARD", DataClass.PERSONAL_DATA, 0.5, "spaced", True),
        ("PHONE_NUMBER", DataClass.PERSONAL_DATA, 0.9, "spaced", False),
        ("PERSON", DataClass.PERSONAL_DATA, 1.0, "reversed", False),
        ("AWS_ACCESS_KEY", DataClass.CREDENTIALS, 0.95, "split lines", True),
        ("PASSWORD", DataClass.CREDENTIALS, 0.7, "split lines", False),
        ("PASSWORD", DataClass.CREDENTIALS, 0.7, "leetspeak", True),
        ("PASSWORD", DataClass.CREDENTIALS, 0.7, "wrapped lines", True),
        ("PASSWORD", DataClass.CREDENTIALS, 0.7, "truncated secret", True),
        ("PASSWORD", DataClass.CREDENTIALS, 0.7, "adjacent texts", False),
        ("TENANT_NAME", DataClass.TENANT_DATA, 0.9, "spaced", True),
        ("TENANT_NAME", DataClass.TENANT_DATA, 0.75, "spaced", False),
        ("AWS_ACCESS_KEY", DataClass.CREDENTIALS, 0.98, "pieces apart", True),
        ("EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 0.9, "pieces apart", False),
        ("TENANT_NAME", DataClass.TENANT_DATA, 0.9, "pieces apart", False),
        ("ACCESS_LOG", DataClass.ACCESS_LOGS, 0.9, "reversed", False),
    ],
)
def test_proof(entity_type: str, data_class: DataClass, score: float, kind: str, expected: bool) -> None:
    assert is_self_evident(Match(0, 1, entity_type, score, "rule", data_class), (kind,)) is expected
