from __future__ import annotations

import pytest

from promptguard.authentication import attempts
from promptguard.authentication.attempts import FREE, MAX_SECONDS, Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (FREE - 1, 0), (FREE, 1), (FREE + 1, 2), (FREE + 3, 8), (FREE + 60, MAX_SECONDS)],
)
def test_waits_double(failures: int, wait: float) -> None:
    clock = Clock()
    door = Attempts(clock)
    for _ in range(failures):
        door.failed("192.0.2.1")
    assert door.seconds_to_wait("192.0.2.1") == wait
    assert door.seconds_to_wait("192.0.2.2") == 0
    clock.now += wait / 2
    assert door.seconds_to_wait("192.0.2.1") == pytest.approx(wait / 2)
    clock.now += wait / 2
    assert door.seconds_to_wait("192.0.2.1") == 0


def test_all_is_forgotten_after_the_longest_wait() -> None:
    clock = Clock()
    door = Attempts(clock)
    for _ in range(FREE + 20):
        door.failed("192.0.2.1")
    clock.now += MAX_SECONDS
    door.failed("192.0.2.1")
    assert door.seconds_to_wait("192.0.2.1") == 0


def test_as_many_addresses_are_kept_as_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MAX_ADDRESSES", 2)
    door = Attempts(Clock())
    for address in ["a"] * FREE + ["b"] * FREE + ["c"]:
        door.failed(address)
    assert (door.seconds_to_wait("a"), door.seconds_to_wait("b")) == (0, 1)
