from __future__ import annotations

from tests.commands.inputs import Run


def test_doctor_says_what_is_missing(shipped: Run) -> None:
    result = shipped("doctor")
    assert result.exit_code == 1
    assert "✗ proxy" in result.stdout and "promptguard run" in result.stdout
    assert "✓ configuration" in result.stdout
