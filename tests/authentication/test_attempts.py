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


def test_one_of_several_processes_has_its_share() -> None:
    door = Attempts(Clock(), free=2)
    door.failed("192.0.2.1")
    assert door.seconds_to_wait("192.0.2.1") == 0
    door.failed("192.0.2.1")
    assert door.seconds_to_wait("192.0.2.1") == 1


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


@pytest.mark.parametrize(
    ("tried", "other", "waits"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_whose_failures_count_together(tried: str, other: str, waits: bool) -> None:
    door = Attempts(Clock())
    for _ in range(FREE):
        door.failed(tried)
    assert (door.seconds_to_wait(other) > 0) is waits
