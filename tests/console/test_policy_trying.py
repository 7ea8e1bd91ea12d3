"""A policy tried on what an installation has recorded, of some time alone; nothing is written by that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.samples.reviewing import event
from tests.samples.reviewing import installation as new_installation

from promptguard.audit.events import timestamp
from promptguard.console.policy_trying import try_policy
from promptguard.errors import PromptGuardError

CONFIG = Path(__file__).parents[2] / "config"
BLOCK = 'version: "1"\nrules:\n  - {id: all, action: block, reason: "All."}\n'


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".db-shm"}


def test_what_would_change_since_then(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with new_installation(tmp_path / "data") as made:
        ids = [
            made.record(event(timestamp(now - timedelta(days=days)), found=["EMAIL_ADDRESS"]))[0].id
            for days in (40, 2, 1)
        ]
    (tmp_path / "draft.yaml").write_text(BLOCK, "utf-8")
    before = contents(tmp_path / "data")
    for since, found in ((timedelta(days=7), ids[1:]), (timedelta(days=60), ids)):
        trial = try_policy(CONFIG, tmp_path / "data", tmp_path / "draft.yaml", since)
        assert (trial.tried, trial.changed) == (len(found), len(found))
        (shift,) = trial.shifts
        assert (shift.now, shift.now_rule, sorted(shift.ids)) == ("block", "all", sorted(found))
    assert contents(tmp_path / "data") == before


def test_mistakes_are_told(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(BLOCK.replace("block", "blocc"), "utf-8")
    with pytest.raises(PromptGuardError, match=r"draft\.yaml:3"):
        try_policy(CONFIG, tmp_path, tmp_path / "draft.yaml", timedelta(days=1))
    (tmp_path / "draft.yaml").write_text(BLOCK, "utf-8")
    with pytest.raises(PromptGuardError):
        try_policy(CONFIG, tmp_path / "nothing", tmp_path / "draft.yaml", timedelta(days=1))
