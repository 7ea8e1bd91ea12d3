from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.commands.inputs import Run

from promptguard.destinations.sightings import Sighting, Sign
from promptguard.storage.sqlite.backend import SQLiteBackend

OUTLINE = '{"model":"string","words":["text"]}'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own: a database without its keys is one that nobody may go on with."""
    return tmp_path


@pytest.fixture
def seen(data: Path) -> Sighting:
    """A request that no format describes, seen today."""
    day = datetime.now(UTC).date().isoformat()
    sighting = Sighting(Sign.UNCLAIMED, "pi.ai", "pi", day, 4, OUTLINE)
    with closing(SQLiteBackend.open(data / "promptguard.db")) as backend:
        backend.sightings().add([sighting])
    return sighting


def test_who_should_look_is_told(run: Run, seen: Sighting) -> None:
    result = run("coverage")
    assert result.exit_code == 1
    line = next(line for line in result.output.splitlines() if line.startswith("pi "))
    assert line.split() == ["pi", "0", "0", "4", "0", "0", "0"]
    assert "Out of reach" in result.stderr and "WebRTC" in result.stderr
    (told,) = map(json.loads, run("coverage", "--format", "json").stdout.splitlines())
    assert told["destination"] == "pi" and told["signs"] == {"unclaimed": 4} and told["alarm"] is True


def test_shapes_hold_members_and_kinds(run: Run, seen: Sighting) -> None:
    listed = run("coverage shapes")
    assert listed.output.split()[:2] == [seen.shape_id, "4"]
    shown = run("coverage shape", seen.shape_id)
    assert (shown.exit_code, json.loads(shown.output)) == (0, json.loads(OUTLINE))
    missing = run("coverage shape", "0000000000")
    assert missing.exit_code == 1 and "coverage shapes" in missing.output


def test_unlisted_hosts_are_listed_and_adopted(run: Run, data: Path, config: Path, tmp_path: Path) -> None:
    own = tmp_path / "config"
    shutil.copytree(config, own)
    day = datetime.now(UTC).date().isoformat()
    hosts = ("chat.fabrikam.ai", "chat.fabrikam.ai", "pi.ai", "auth.openai.com")
    with closing(SQLiteBackend.open(data / "promptguard.db")) as backend:
        backend.sightings().add(Sighting(Sign.NAME, host, "", day, 1) for host in hosts)
    listed = run("destinations sightings", config=own)
    assert listed.stdout.split() == ["chat.fabrikam.ai", "2", day, day]
    assert "1 unapproved tool seen" in listed.stderr
    assert (
        run("destinations adopt", "Chat.Fabrikam.AI", "--kind", "writing", "--name", "Fabrikam's", config=own).exit_code
        == 0
    )
    shown = run("destinations show", "chat.fabrikam.ai", config=own)
    assert "Fabrikam's (chat-fabrikam-ai)" in shown.output and "under_review" in shown.output
    none = run("destinations sightings", config=own)
    assert none.stdout == "" and "adopt" not in none.stderr
    assert run("destinations adopt", "www.fabrikam.ai", config=own).exit_code == 0
    assert run("destinations check", config=own).exit_code == 0


@pytest.mark.parametrize(
    ("host", "told"),
    [("pi.ai", "belongs to Pi"), ("auth.openai.com", "never decrypted"), ("no host", "no host"), ("*.com", "")],
)
def test_what_cannot_be_adopted(run: Run, host: str, told: str) -> None:
    result = run("destinations adopt", host)
    assert result.exit_code == 2 and told in result.output
