from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.commands.support.annotations import annotation
from promptguard.errors import ConfigError


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("policy.yaml", 7, "::error file=policy.yaml,line=7::There is no such tool. Did you mean 50%25?"),
        ("a,b:c.yaml", None, "::error file=a%2Cb%3Ac.yaml::There is no such tool. Did you mean 50%25?"),
    ],
)
def test_a_mistake_stands_beside_its_line(file: str, line: int | None, told: str) -> None:
    error = ConfigError(Path(file), line, "There is no such tool", "Did you mean 50%?")
    assert annotation("error", error) == told


def test_files_are_named_from_where_the_workflow_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = ConfigError(tmp_path / "config" / "policy.yaml", 1, "A", "B\nC")
    assert annotation("warning", error) == "::warning file=config/policy.yaml,line=1::A. B%0AC"
