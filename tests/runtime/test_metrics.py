from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from promptguard.runtime.metrics import CountedRecord, Metrics


def event(**changes: Any) -> Any:
    members: dict[str, Any] = {
        "destination": "openai-api",
        "action": "block",
        "inspection": "inspected",
        "findings": ({"data_class": "credentials", "action": "block"},),
        "latency_ms": {"read": 1.0, "scan": 5.0},
        "pseudonym": "p_abcdefghijklmnop",
    }
    return SimpleNamespace(**{**members, **changes})


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_created"))
    }


class Recorder:
    def __init__(self, *, fails: bool = False) -> None:
        self.events: list[Any] = []
        self._fails = fails

    async def record(self, event: Any) -> None:
        if self._fails:
            raise OSError("full")
        self.events.append(event)


async def test_what_is_recorded_is_counted() -> None:
    metrics, recorder = Metrics(), Recorder()
    record = CountedRecord(recorder, metrics)
    for each in (event(), event(), event(action="allow", findings=(), inspection="not_inspected")):
        await record.record(each)
    assert len(recorder.events) == 3
    found = samples(metrics)
    assert found["promptguard_decisions_total", "block", "inspected", "openai-api"] == 2
    assert found["promptguard_decisions_total", "allow", "not_inspected", "openai-api"] == 1
    assert found["promptguard_findings_total", "block", "credentials"] == 2
    assert found["promptguard_inspection_seconds_sum", "inspected"] == pytest.approx(0.012)
    assert "p_abcdefghijklmnop" not in metrics.exposition().decode()


async def test_what_cannot_be_recorded_is_counted_apart() -> None:
    metrics = Metrics()
    with pytest.raises(OSError, match="full"):
        await CountedRecord(Recorder(fails=True), metrics).record(event())
    found = samples(metrics)
    assert found[("promptguard_unrecorded_total",)] == 1
    assert not any(name[0] == "promptguard_decisions_total" for name in found)


def test_a_gauge_is_asked_when_somebody_looks() -> None:
    metrics, queue = Metrics(), [1, 2]
    metrics.gauge("names_queue", "Waiting.", lambda: len(queue))
    assert samples(metrics)[("promptguard_names_queue",)] == 2
    queue.clear()
    assert samples(metrics)[("promptguard_names_queue",)] == 0


def test_a_total_that_somebody_else_counts_is_a_counter() -> None:
    metrics = Metrics()
    metrics.total("names_refused", "Refused.", lambda: 3.0)
    assert samples(metrics)[("promptguard_names_refused_total",)] == 3
    assert b"# TYPE promptguard_names_refused_total counter" in metrics.exposition()


def test_totals_are_told_apart_by_a_label() -> None:
    metrics, counts = Metrics(), {"PERSON": 2}
    metrics.totals("second_look_findings", "Found later.", "entity_type", lambda: counts)
    assert samples(metrics)["promptguard_second_look_findings_total", "PERSON"] == 2
    counts["LOCATION"] = 1
    assert samples(metrics)["promptguard_second_look_findings_total", "LOCATION"] == 1
