from __future__ import annotations

from tests.commands.inputs import LEAKY, Run


def test_redact_prints_the_text_with_placeholders(shipped: Run) -> None:
    result = shipped("redact", "--no-names", text=LEAKY)
    assert result.exit_code == 1
    assert result.stdout.startswith("Write to [EMAIL_ADDRESS_")
    assert "my password is [PASSWORD_" in result.stdout
    assert shipped("redact", "--no-names", text="clean\n").stdout == "clean\n"
