"""What several processes have counted, as if it were one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

_COUNTED: Final = ("counter", "histogram")
"""Types of metrics that only grow: what a process has counted stays counted when it is gone."""

_COMBINED: Final[Mapping[str, Callable[[Iterable[float]], float]]] = {
    "promptguard_ready": max,
    "promptguard_problems": max,
    "promptguard_sinks_failing": max,
    "promptguard_spool_fill_ratio": max,
    "promptguard_spool_since_seconds": lambda values: min(filter(None, values), default=0.0),
}
"""Gauges that are no number of things; all others are added."""


class _Families(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        """See `Collector.collect`."""
        yield from self._families


def summed(expositions: Iterable[str], *, counted_only: bool = False) -> str:
    """One exposition of several, in Prometheus' text format.

    Args:
        counted_only: leave out what is no count, such as the length of a queue: of processes that are gone.
    """
    families: dict[str, Metric] = {}
    values: defaultdict[str, dict[tuple[str, tuple[tuple[str, str], ...]], list[float]]] = defaultdict(dict)
    for exposition in expositions:
        for family in text_string_to_metric_families(exposition):
            created = family.name.endswith("_created")
            if counted_only and family.type not in _COUNTED and not created:
                continue
            families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                key = (sample.name, tuple(sample.labels.items()))
                values[family.name].setdefault(key, []).append(sample.value)
    for name, family in families.items():
        combine = min if name.endswith("_created") else _COMBINED.get(name, sum)
        for (sample_name, labels), found in values[name].items():
            family.add_sample(sample_name, dict(labels), combine(found))
    registry = CollectorRegistry()
    registry.register(_Families(families.values()))
    return generate_latest(registry).decode()
