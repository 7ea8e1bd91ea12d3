from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.installation.shipped import shipped_configuration


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With one recognizer, and an environment of its own."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    config = tmp_path / "config"
    config.mkdir()
    for name in ("policy.yaml", "destinations", "notices", "never_decrypt.yaml"):
        (config / name).symlink_to(shipped_configuration() / name)
    (config / "promptguard.yaml").write_text("names: {enabled: false}\n")
    (config / "recognizers").mkdir()
    (config / "recognizers" / "own.yaml").write_text(
        "recognizers: [{name: Ticket, supported_entity: TICKET, data_class: confidential_records,"
        " patterns: [{name: number, regex: 'TICKET-[0-9]+', score: 0.8}]}]\n"
    )
    return config


def test_it_says_where_it_put_what_it_made(config: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["prepare", "--config", str(config)])
    folder = tmp_path / "environment" / "share" / "promptguard" / "prepared"
    assert (done.exit_code, done.output) == (0, f"{folder}: 0 MB\n")
    assert any(folder.iterdir())


def test_it_says_where_it_may_not_write(config: Path, tmp_path: Path) -> None:
    (tmp_path / "environment").write_text("no folder")
    done = CliRunner().invoke(main, ["prepare", "--config", str(config)])
    assert done.exit_code == 2
    assert "May the user who runs this read and write it?" in done.output
