from typing import Any

import pytest

from promptguard.audit.forms.wording import milliseconds, severity, title


@pytest.mark.parametrize(
    ("action", "inspection", "grave", "name"),
    [
        ("allow", "inspected", 1, "Prompt allowed"),
        ("notify", "inspected", 3, "Prompt allowed with a notice"),
        ("redact", "inspected", 4, "Prompt redacted"),
        ("justify", "inspected", 6, "Prompt held until it is justified"),
        ("block", "inspected", 7, "Prompt blocked"),
        ("allow", "not_inspected", 8, "Prompt allowed"),
        ("block", "partly_inspected", 8, "Prompt blocked"),
    ],
)
def test_names_and_severities(action: str, inspection: str, grave: int, name: str) -> None:
    record: dict[str, Any] = {"action": action, "inspection": inspection, "time": "2026-03-01T09:30:02.001Z"}
    assert (severity(record), title(record), milliseconds(record)) == (grave, name, 1772357402001)
