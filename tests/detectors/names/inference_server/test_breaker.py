from __future__ import annotations

import pytest

from promptguard.detectors.names.inference_server.breaker import CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_a_failure_one_is_let_through_after_ever_longer_pauses() -> None:
    clock = Clock()
    breaker = CircuitBreaker(30, clock)
    for pause in [1, 2, 4, 8, 16, 30, 30]:
        assert breaker.admits()
        breaker.failed()
        assert breaker.open
        clock.now += pause - 0.01
        assert not breaker.admits()
        clock.now += 0.01
    assert breaker.admits()
    assert not breaker.admits()  # one at a time
    breaker.answered()
    assert not breaker.open
    assert breaker.admits()
    assert breaker.admits()


@pytest.mark.parametrize("together", [1, 2, 5])
def test_failures_of_those_who_asked_together_count_once(together: int) -> None:
    clock = Clock()
    breaker = CircuitBreaker(30, clock)
    assert all(breaker.admits() for _ in range(together))
    for _ in range(together):
        breaker.failed()
    clock.now += 1
    assert breaker.admits()
