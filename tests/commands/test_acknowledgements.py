from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.commands.conftest import on

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import load_bundle
from promptguard.keys import Keys
from promptguard.policy.acknowledgements import Acknowledgement
from promptguard.storage.sqlite.backend import SQLiteBackend
from promptguard.storage.tables import acknowledgement


@pytest.fixture
def given(config: Path, tmp_path: Path) -> Acknowledgement:
    """One that counts, and beside it one of each kind that does not."""
    (config / "ai.md").write_text("Use AI with care.\n")
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text("utf-8") + '\nacknowledgement: {document: ai.md, version: "2"}\n', "utf-8")
    document = load_bundle(config).document
    assert document is not None
    now = datetime.now(UTC)
    one = Acknowledgement(
        "a1", "p_1", "employee", "ai-policy", "2", document.sha256, timestamp(now), "pg-1", "openai_chat"
    )
    keys = Keys.load_or_create(tmp_path / "data" / "keys")
    with closing(SQLiteBackend.open(tmp_path / "data" / "promptguard.db")) as backend:
        store = backend.acknowledgements(keys.acknowledgements)
        store.add(one)
        store.add(replace(one, id="a2", pseudonym="p_2", time=timestamp(now - timedelta(days=366))))
        store.add(replace(one, id="a3", pseudonym="p_3", version="1"))
        store.add(replace(one, id="a4", pseudonym="p_4"))
        with backend._database.writing() as connection:
            connection.execute(update(acknowledgement).where(acknowledgement.c.id == "a4").values(time="soon"))
    return one


def test_what_counts_is_listed_and_all_is_exported_as_evidence(
    config: Path, tmp_path: Path, given: Acknowledgement
) -> None:
    run = on(config, tmp_path / "data")
    listed = run("acknowledgements list").stdout
    assert (
        listed.startswith(f"{given.time[:10]}  p_1  employee  ai-policy 2  counts until ") and listed.count("\n") == 1
    )
    found = [json.loads(line) for line in run("acknowledgements list", "--all", "--format", "json").stdout.splitlines()]
    states = {"p_1": "counts", "p_2": "lapsed", "p_3": "superseded", "p_4": "changed in the database"}
    assert {each["pseudonym"]: each["state"] for each in found} == states
    rows = list(csv.DictReader(io.StringIO(run("acknowledgements export").stdout)))
    assert {row["pseudonym"]: row["state"] for row in rows} == states
    assert {row["criteria"] for row in rows} == {"SOC 2 CC1.1; SOC 2 CC1.4"}
    assert rows[0]["sha256"] == given.sha256
    lines = run("acknowledgements export", "--format", "jsonl").stdout.splitlines()
    assert json.loads(lines[0])["criteria"] == ["SOC 2 CC1.1", "SOC 2 CC1.4"]


def test_where_there_is_none(config: Path, tmp_path: Path) -> None:
    Keys.load_or_create(tmp_path / "data" / "keys")
    SQLiteBackend.open(tmp_path / "data" / "promptguard.db").close()
    assert "Nobody has acknowledged" in on(config, tmp_path / "data")("acknowledgements list").stdout
