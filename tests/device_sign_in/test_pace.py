from __future__ import annotations

from promptguard.device_sign_in import pace
from promptguard.device_sign_in.pace import Pace


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_who_asks_too_soon_waits_longer() -> None:
    clock = Clock()
    kept = Pace(clock)
    kept.begins("a", 5)
    clock.now += 4
    assert kept.seconds_to_wait("a") == 1 and kept.seconds_to_wait("b") == 0
    assert not kept.allows("a", 5)
    clock.now += 9.5
    assert not kept.allows("a", 5), "ten seconds now"
    clock.now += 15
    assert kept.allows("a", 5)
    assert kept.allows("b", 5), "another one, begun elsewhere"


def test_the_provider_slows_it_down() -> None:
    clock = Clock()
    kept = Pace(clock)
    assert kept.allows("a", 5)
    kept.slows("a")
    clock.now += 9
    assert not kept.allows("a", 5)


def test_no_more_are_kept_than_so_many(monkeypatch) -> None:
    monkeypatch.setattr(pace, "MAX_KEPT", 2)
    kept = Pace(Clock())
    for handle in "abc":
        kept.begins(handle, 5)
    assert [kept.allows(handle, 5) for handle in "cab"] == [False, True, True]
