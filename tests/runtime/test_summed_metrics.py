from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from promptguard.destinations.sightings import Sign
from promptguard.runtime.metrics import Metrics
from promptguard.runtime.summed_metrics import summed


def exposition(seen: int, **gauges: float) -> str:
    metrics = Metrics()
    for _ in range(seen):
        metrics.saw(Sign.NAME, "openai")
    for name, value in gauges.items():
        metrics.gauge(name, "One.", lambda value=value: value)  # type: ignore[misc]
    return metrics.exposition().decode()


def values(text: str) -> dict[str, float]:
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "bucket" not in sample.name
    }


@pytest.mark.parametrize(
    ("gauge", "one", "two", "both"),
    [
        ("names_queue", 3, 4, 7),
        ("ready", 1, 0, 1),
        ("problems", 2, 2, 2),
        ("spool_records", 5, 1, 6),
        ("spool_since_seconds", 0, 1_700_000_000, 1_700_000_000),
        ("spool_since_seconds", 0, 0, 0),
        ("spool_fill_ratio", 0.2, 0.5, 0.5),
        ("sinks_failing", 1, 0, 1),
    ],
)
def test_gauges(gauge: str, one: float, two: float, both: float) -> None:
    text = summed([exposition(0, **{gauge: one}), exposition(0, **{gauge: two})])
    assert values(text)[f"promptguard_{gauge}"] == both


def test_counts() -> None:
    text = summed([exposition(2), exposition(3), ""])
    assert values(text)["promptguard_sightings_total"] == 5
    assert 'promptguard_sightings_total{destination="openai",sign="name"} 5.0' in text
    assert "# TYPE promptguard_inspection_seconds histogram" in text
    assert summed([text]) == text, "what was summed is summed again"


def test_of_those_that_are_gone_counts_alone_remain() -> None:
    left = values(summed([exposition(2, names_queue=7)], counted_only=True))
    assert left["promptguard_sightings_total"] == 2
    assert "promptguard_names_queue" not in left
