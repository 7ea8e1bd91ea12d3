from __future__ import annotations

from typing import Any

import pytest

from promptguard.destinations.sightings import Sighting, Sign
from promptguard.storage import sightings
from promptguard.storage.sightings import DatabaseSightings


def named(host: str, day: str = "2026-11-28", times: int = 1) -> Sighting:
    return Sighting(Sign.NAME, host, "", day, times)


def test_counts_add_up(installation: Any) -> None:
    one, two = DatabaseSightings(installation.database), DatabaseSightings(installation.database)
    shaped = Sighting(Sign.EMPTY, "a.ai", "acme", "2026-11-28", 1, '{"a":1}')
    one.add([named("a.ai", times=2), named("b.ai"), shaped])
    two.add([named("a.ai", times=3), named("a.ai", "2026-11-29"), shaped._replace(outline="[]"), shaped])
    first, second, *names = one.since("2026-11-28")
    assert {(each.outline, each.times) for each in (first, second)} == {('{"a":1}', 2), ("[]", 1)}
    assert first._replace(outline="", times=0) == second._replace(outline="", times=0)
    assert names == [named("a.ai", times=5), named("b.ai"), named("a.ai", "2026-11-29")]
    assert one.since("2026-11-29") == [named("a.ai", "2026-11-29")]


def test_what_is_old_is_forgotten(installation: Any) -> None:
    store = DatabaseSightings(installation.database)
    store.add([named("a.ai", "2026-08-01"), named("a.ai", "2026-11-28")])
    store.forget_before("2026-09-01")
    assert store.since("") == [named("a.ai", "2026-11-28")]


def test_made_up_hosts_do_not_fill_the_disk(installation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "MAX_PER_DAY", 3)
    store = DatabaseSightings(installation.database)
    store.add([named(f"h{number}.ai") for number in range(2)])
    store.add([named(f"h{number}.ai") for number in range(5)])
    assert [(each.host, each.times) for each in store.since("")] == [("h0.ai", 2), ("h1.ai", 2), ("h2.ai", 1)]


def test_no_host_keeps_others_from_being_kept(installation: Any) -> None:
    store = DatabaseSightings(installation.database)
    store.add([named("a\0.ai"), named("b\ud800.ai"), named("c.ai")])
    assert [each.host for each in store.since("")] == ["a?.ai", "b?.ai", "c.ai"]
