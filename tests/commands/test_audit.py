from __future__ import annotations

import pytest
from tests.commands.inputs import Run


def test_audit_without_a_record_says_so(shipped: Run) -> None:
    for command in ("verify", "tail", "export"):
        result = shipped(f"audit {command}")
        assert result.exit_code == 2
        assert "no record yet" in result.output


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("tail", ("-n", "-5"), "-5 is not in the range"),
        ("export", ("--action", "blocked"), "'block'"),
        ("export", ("--format", "xml"), "'jsonl'"),
        ("export", ("--since", "2026-02-01", "--until", "2026-01-01"), "nothing lies between"),
    ],
)
def test_wrong_use_says_what_would_be_right(run: Run, command: str, arguments: tuple[str, ...], told: str) -> None:
    result = run(f"audit {command}", *arguments)
    assert result.exit_code == 2
    assert told in result.output
