from __future__ import annotations

import pytest
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import InvalidParamError, OperatorConfig, RecognizerResult

from promptguard.redaction.operator import PlaceholderOperator
from promptguard.redaction.placeholders import placeholder_for

KEY = b"k" * 32


def test_is_an_operator_for_presidio() -> None:
    engine = AnonymizerEngine()
    engine.add_anonymizer(PlaceholderOperator)
    result = engine.anonymize(
        "to anna@corp.example",
        [RecognizerResult("EMAIL_ADDRESS", 3, 20, 1.0)],
        {"DEFAULT": OperatorConfig("placeholder", {"key": KEY, "scope": "s"})},
    )
    assert result.text == "to " + placeholder_for(KEY, "s", "EMAIL_ADDRESS", "anna@corp.example", {})


@pytest.mark.parametrize("params", [None, {}, {"key": b"", "scope": "s"}, {"key": "text", "scope": "s"}, {"key": KEY}])
def test_the_operator_needs_key_and_scope(params: dict[str, object] | None) -> None:
    with pytest.raises(InvalidParamError):
        PlaceholderOperator().validate(params)
