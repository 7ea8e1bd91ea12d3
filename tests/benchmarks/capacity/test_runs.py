"""What the page says of what was measured, for figures that are easy to count with."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.capacity.runs import Processes, Replayed, Shared, told

ONE = Shared(requests=100, cpu_ms=1_000.0, busiest_ms=1_000.0, seconds=2.0, load_ms=200.0)
TWO = Shared(requests=200, cpu_ms=2_200.0, busiest_ms=1_250.0, seconds=2.5, load_ms=400.0)


def test_how_many_times_as_much() -> None:
    """One takes 10 ms for each request; of two, the busier takes 6.25 for each that both have served."""
    assert ONE.times(ONE) == 1.0
    assert TWO.times(ONE) == pytest.approx(1.6)
    assert TWO.each_ms == pytest.approx(11.0)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    processes = Processes({1: ONE, 2: TWO}, 32, 0.1)
    processes.save(tmp_path / "processes.json")
    assert Processes.load(tmp_path / "processes.json") == processes
    assert "| 2 | 11.00 ms | 57% | 1.60 | 80 | 2.00 ms |" in processes.table
    replayed = Replayed(1_000, 3.0, 2_000, 0, 20_000.0, 21_000.0, 3_000.0, 3_100.0, 30.0, 90.0, None)
    replayed.save(tmp_path / "replayed.json")
    assert Replayed.load(tmp_path / "replayed.json") == replayed
    assert "2,000 requests, none refused" in replayed.sentence


@pytest.mark.parametrize(
    ("busy", "words"), [(None, "Other programs"), (0.2, "Nothing else"), (7.25, "7.2 of them on average")]
)
def test_what_else_ran(busy: float | None, words: str) -> None:
    assert words in told(busy)
