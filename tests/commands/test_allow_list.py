from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.commands.conftest import on

from promptguard.audit.events import timestamp
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.keys import Keys
from promptguard.review.database import ReviewDatabase
from promptguard.review.ledger import Act, Ledger
from promptguard.storage.sqlite.backend import SQLiteBackend


def test_what_passes_is_listed_and_revoked(config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run = on(config, data)
    keys = Keys.load_or_create(data / "keys")
    now, end = (timestamp(datetime.now(UTC) + timedelta(days=days)) for days in (0, 30))
    with closing(SQLiteBackend.open(data / "promptguard.db")) as backend:
        store = backend.false_alarms(keys)
        alarms = [
            FalseAlarm(f"al-{n}", "f" * 32, "EMAIL_ADDRESS", "personal_data", "pg-1", "ours", "a", "Ann", now, end)
            for n in (1, 2)
        ]
        store.ask(alarms)
        store.answer("al-1", FalseAlarmState.ACCEPTED, by="b", name="Bob", now=now)

    def listed(*options: str) -> list[str]:
        lines = run("allow-list list", "--format", "json", *options).stdout.splitlines()
        return [json.loads(line)["id"] for line in lines]

    assert (listed(), sorted(listed("--all"))) == (["al-1"], ["al-1", "al-2"])
    text = run("allow-list list").stdout
    assert text == f"al-1  passes until {end[:10]}  EMAIL_ADDRESS  pg-1  Ann asked, Bob decided: ours\n"
    assert run("allow-list revoke", "al-1").exit_code == 0
    assert listed() == []
    assert [run("allow-list revoke", id).exit_code for id in ("al-1", "al-9")] == [2, 2]
    with closing(ReviewDatabase.open(data / "review.db")) as database:
        (*_, entry) = Ledger(database, keys).entries()
    assert (entry.act, entry.object, dict(entry.detail)) == (Act.FALSE_ALARM_REVOKED, "al-1", {"by": "command line"})
