from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pytest

from promptguard.destinations.sightings import MAX_PENDING, Sighting, Sightings, SightingStore, Sign


class Store(SightingStore):
    def __init__(self) -> None:
        self.kept: list[Sighting] = []
        self.broken = False

    def add(self, sightings: Iterable[Sighting]) -> None:
        if self.broken:
            raise OSError("disk full")
        self.kept += sightings

    def since(self, day: str) -> Sequence[Sighting]:
        return self.kept

    def forget_before(self, day: str) -> None:
        self.kept.clear()


@pytest.fixture
def store() -> Store:
    return Store()


def test_counted_by_day_and_host(store: Store) -> None:
    day = date(2026, 11, 28)
    sightings = Sightings(lambda: day)
    seen: list[tuple[Sign, str]] = []
    sightings.seen = lambda sign, destination: seen.append((sign, destination))
    for host in ("chat.fabrikam.ai", "Chat.Fabrikam.AI.", "other.ai"):
        sightings.note(Sign.NAME, host)
    day = date(2026, 11, 29)
    sightings.note(Sign.NAME, "other.ai")
    sightings.note(Sign.EMPTY, "api.openai.com", destination="openai-api", outline="{}")
    assert sightings
    sightings.keep(store)
    assert not sightings
    sightings.keep(store)
    assert store.kept == [
        Sighting(Sign.NAME, "chat.fabrikam.ai", "", "2026-11-28", 2),
        Sighting(Sign.NAME, "other.ai", "", "2026-11-28", 1),
        Sighting(Sign.NAME, "other.ai", "", "2026-11-29", 1),
        Sighting(Sign.EMPTY, "api.openai.com", "openai-api", "2026-11-29", 1, "{}"),
    ]
    assert seen == [(Sign.NAME, "")] * 4 + [(Sign.EMPTY, "openai-api")]


def test_what_a_store_does_not_take_is_counted_further(store: Store) -> None:
    sightings = Sightings(lambda: date(2026, 11, 28))
    sightings.note(Sign.NAME, "a.ai")
    store.broken = True
    with pytest.raises(OSError, match="disk full"):
        sightings.keep(store)
    store.broken = False
    sightings.note(Sign.NAME, "a.ai")
    sightings.keep(store)
    assert [each.times for each in store.kept] == [2]


def test_made_up_hosts_take_no_memory(store: Store) -> None:
    sightings = Sightings(lambda: date(2026, 11, 28))
    for number in range(MAX_PENDING + 100):
        sightings.note(Sign.NAME, f"h{number}.ai")
    sightings.note(Sign.NAME, "h0.ai")
    sightings.keep(store)
    assert len(store.kept) == MAX_PENDING
    assert store.kept[0].times == 2


def test_shapes_have_ids() -> None:
    one, same, other, none = (Sighting(Sign.EMPTY, "h", "d", "day", 1, told) for told in ("{}", "{}", "[]", ""))
    assert one.shape_id == same.shape_id != other.shape_id
    assert none.shape_id == ""
