from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest
from tests.commands.inputs import Run


@pytest.fixture
def with_sinks(config: Path, tmp_path: Path) -> Path:
    """A configuration with a file that takes events, and a syslog server that is not there."""
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (folder / "promptguard.yaml").write_text(
        "audit:\n  sinks:\n"
        f"    here: {{kind: file, path: {tmp_path / 'feed.jsonl'}, form: ocsf}}\n"
        f"    there: {{kind: syslog, address: '127.0.0.1:{port}'}}\n"
    )
    return folder


def test_each_sink_is_tried_and_what_fails_is_said(run: Run, with_sinks: Path, tmp_path: Path) -> None:
    result = run("siem test", config=with_sinks)
    assert result.exit_code == 1
    assert "✓ here (file): written to" in result.stdout
    assert "✗ there (syslog): 127.0.0.1:" in result.stdout and "nothing listens there" in result.stdout
    assert json.loads((tmp_path / "feed.jsonl").read_text())["metadata"]["labels"] == ["test"]


def test_one_sink_alone(run: Run, with_sinks: Path) -> None:
    result = run("siem test", "here", "--format", "json", config=with_sinks)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert (json.loads(line)["sink"], json.loads(line)["ok"]) == ("here", True)


def test_a_sink_that_there_is_not(run: Run, with_sinks: Path) -> None:
    result = run("siem test", "her", config=with_sinks)
    assert result.exit_code == 2 and "here" in result.stderr


def test_no_sinks(run: Run) -> None:
    result = run("siem test")
    assert result.exit_code == 2 and "audit.sinks" in result.stderr
