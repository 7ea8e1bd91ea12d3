"""The simulation, against what queueing theory says and cases small enough to follow by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.capacity.day import KINDS, arrivals, served_in_order, through_workers
from benchmarks.capacity.workload import Kind, Workload


def test_one_server_serves_in_order() -> None:
    arrived = np.asarray([0.0, 1.0, 1.5, 10.0])
    takes = np.asarray([3.0, 1.0, 0.5, 2.0])
    assert served_in_order(arrived, takes).tolist() == [3.0, 4.0, 4.5, 12.0]


def test_one_server_is_as_theory_says() -> None:
    """M/M/1 at 70 %: on average a request is there for 1 / (1 - 0.7) service times."""
    generator = np.random.default_rng(7)
    arrived = np.cumsum(generator.exponential(1 / 0.7, size=400_000))
    left = served_in_order(arrived, generator.exponential(1.0, size=400_000))
    assert float((left - arrived).mean()) == pytest.approx(1 / 0.3, rel=0.05)


def test_several_servers_are_as_theory_says() -> None:
    """M/M/2 at 70 % each: 1 / (1 - 0.7²) service times (Erlang C)."""
    generator = np.random.default_rng(7)
    arrived = np.cumsum(generator.exponential(1 / 1.4, size=200_000))
    left, refused, _ = through_workers(arrived, generator.exponential(1.0, size=200_000), 2)
    assert float((left - arrived)[~refused].mean()) == pytest.approx(1 / (1 - 0.7**2), rel=0.05)


@pytest.mark.parametrize(
    ("arrived", "takes", "workers", "left", "refused", "longest"),
    [
        ([0, 1, 2], [5, 5, 5], 1, [5, 10, 15], [False] * 3, 2),
        ([0, 1, 2], [5, 5, 5], 2, [5, 6, 10], [False] * 3, 1),
        ([0, 1, 2], [5, 0, 5], 1, [5, 1, 10], [False] * 3, 1),
        ([0, 1, 2, 20], [9, 9, 9, 9], 1, [9, 18, 2, 29], [False, False, True, False], 1),
    ],
)
def test_servers_with_one_queue(
    arrived: list[float], takes: list[float], workers: int, left: list[float], refused: list[bool], longest: int
) -> None:
    """The third of the last case would wait for 16 s, which is more than anybody is let wait."""
    found = through_workers(np.asarray(arrived, dtype=float), np.asarray(takes, dtype=float), workers)
    assert (found[0].tolist(), found[1].tolist(), found[2]) == (left, refused, longest)


def test_a_day_has_what_is_assumed_and_is_the_same_for_a_seed() -> None:
    workload = Workload()
    came = arrivals(2_000, workload, 3)
    assert np.all(np.diff(came.seconds) >= 0)
    for number, kind in enumerate(KINDS):
        expected = workload.requests(2_000)[kind]
        assert int((came.kinds == number).sum()) == pytest.approx(expected, rel=0.05), kind
    assert np.array_equal(came.seconds, arrivals(2_000, workload, 3).seconds)
    hours = np.bincount((came.seconds // 3600).astype(int), minlength=24)[:24]
    assert hours[3] == 0
    assert int(hours.argmax()) == 10


def test_agents_come_in_bursts() -> None:
    """Their requests of a minute vary by far more than those of people do."""
    came = arrivals(2_000, Workload(), 3)
    spread = {}
    for kind in (Kind.AGENT, Kind.CLEAN):
        of_kind = came.seconds[came.kinds == KINDS.index(kind)]
        minutes = np.bincount((of_kind[(of_kind > 36_000) & (of_kind < 39_600)] // 60).astype(int))[600:660]
        spread[kind] = float(minutes.var() / minutes.mean())
    assert spread[Kind.AGENT] > 3 * spread[Kind.CLEAN]
