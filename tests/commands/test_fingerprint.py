from __future__ import annotations

import json
from pathlib import Path

from tests.commands.inputs import Run


def test_a_fingerprint_is_what_an_allow_list_takes(run: Run, config: Path) -> None:
    address = "write to 203.0.114.9 now"
    assert len(json.loads(run("scan", "--no-names", "--format", "json", text=address).stdout)["spans"]) == 1
    fingerprint = run("fingerprint", text="203.0.114.9\n").stdout.strip()
    allow = config / "recognizers" / "allow_by_fingerprint.yaml"
    allow.write_text(f"allow: [{{fingerprints: ['{fingerprint}'], reason: our public name server}}]")
    try:
        assert json.loads(run("scan", "--no-names", "--format", "json", text=address).stdout)["spans"] == []
    finally:
        allow.unlink()


def test_each_line_has_one_and_equal_values_have_equal_ones(run: Run) -> None:
    first, second, third = run("fingerprint", text="Jane Roe\n\njane  roe\nJane Doe\n").stdout.split()
    assert first == second != third
