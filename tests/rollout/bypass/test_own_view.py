from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from promptguard.configuration.settings import Settings
from promptguard.destinations.sightings import Sighting, Sign
from promptguard.rollout.bypass.own_view import SIGNS, Seen, seen_by_proxy, summed
from promptguard.storage.sqlite.backend import SQLiteBackend

EARLY, LATE = "2026-11-28", "2026-11-29"


def test_days_are_summed_by_sign_and_host() -> None:
    seen = [
        Sighting(Sign.UNDECRYPTED, "*.notion.so", "notion-ai", EARLY, 9),
        Sighting(Sign.UNTRUSTED, "pi.ai", "pi", EARLY, 2),
        Sighting(Sign.NAME, "chat.fabrikam.ai", "", EARLY, 7),
        Sighting(Sign.UNTRUSTED, "claude.ai", "claude", LATE, 4),
        Sighting(Sign.UNTRUSTED, "pi.ai", "pi", LATE, 3),
    ]
    assert summed(seen) == [
        Seen(Sign.UNTRUSTED, "pi", "pi.ai", 5, EARLY, LATE),
        Seen(Sign.UNTRUSTED, "claude", "claude.ai", 4, LATE, LATE),
        Seen(Sign.UNDECRYPTED, "notion-ai", "*.notion.so", 9, EARLY, EARLY),
    ]


def test_it_is_read_from_the_database_back_to_a_day(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    days = [(today - timedelta(days=back)).isoformat() for back in (0, 10)]
    with closing(SQLiteBackend.open(tmp_path / "promptguard.db")) as backend:
        backend.sightings().add([Sighting(Sign.UNTRUSTED, "pi.ai", "pi", day, 1) for day in days])
    assert [each.times for each in seen_by_proxy(Settings(), tmp_path, "")] == [2]
    assert [each.times for each in seen_by_proxy(Settings(), tmp_path, days[0])] == [1]


def test_nothing_that_the_proxy_has_seen_is_a_bypass() -> None:
    assert not any(each.is_bypass for each in SIGNS.values())
