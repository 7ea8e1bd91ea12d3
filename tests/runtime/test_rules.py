"""What of a policy the guard works by."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.configuration.bundle import load_bundle
from promptguard.keys import Keys
from promptguard.model import DataClass, Finding, Segment
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.runtime.rules import make_redactor

CONFIG = Path(__file__).parents[2] / "config"


def policy_with(operator: dict[str, object]) -> Policy:
    file = load_bundle(CONFIG).policy.file.model_dump(mode="json", by_alias=True)
    file["operators"] = {"EMAIL_ADDRESS": operator}
    return Policy(PolicyFile.model_validate(file, strict=False))


@pytest.mark.parametrize(
    "operator", [{"type": "encrypt"}, {"type": "hash"}, {"type": "replace", "new_value": "(mail)"}]
)
def test_values_are_replaced_as_the_policy_says(tmp_path: Path, operator: dict[str, object]) -> None:
    redactor = make_redactor(policy_with(operator), Keys.load_or_create(tmp_path))
    finding = Finding(0, 3, 24, "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 1.0, "test", "f")
    redaction = redactor.redact([Segment((), "to jane@orchard-lane.com now")], [finding], "scope", {})
    text = redaction.texts[0]
    assert text.startswith("to ") and text.endswith(" now")
    assert "jane" not in text
    assert redaction.issued == {}, "only placeholders are put back"
