"""What an installation counts, for Prometheus: decisions, findings, time, queues. No value, no person, no address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from promptguard.destinations.sightings import Sign
from promptguard.model import Event

if TYPE_CHECKING:
    from promptguard.guard import Record  # at run time it would bring in Presidio

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds. A clean request takes milliseconds; names and files take up to the deadlines."""


class Metrics:
    """The counters of one process; names follow Prometheus' conventions (https://prometheus.io/docs/practices/naming).

    All labels come from the configuration: what a request carries never becomes one.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._decisions = Counter(
            "promptguard_decisions",
            "Recorded decisions.",
            ("destination", "action", "inspection"),
            registry=self.registry,
        )
        self._findings = Counter(
            "promptguard_findings", "Findings in requests.", ("data_class", "action"), registry=self.registry
        )
        self._seconds = Histogram(
            "promptguard_inspection_seconds",
            "Seconds from a request's last byte to its decision.",
            ("inspection",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._unrecorded = Counter(
            "promptguard_unrecorded",
            "Decisions that could not be recorded: nothing was forwarded.",
            registry=self.registry,
        )

        self._sightings = Counter(
            "promptguard_sightings",
            "AI services that are not listed, and requests and answers that were not understood.",
            ("sign", "destination"),
            registry=self.registry,
        )

    def saw(self, sign: Sign, destination: str) -> None:
        """Something that is not known; of a host that is not listed, the destination is empty."""
        self._sightings.labels(str(sign), destination).inc()

    def gauge(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Something that is asked for when somebody looks, such as the length of a queue."""
        Gauge(f"promptguard_{name}", description, registry=self.registry).set_function(value)

    def total(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Something that only grows and is counted elsewhere, likewise."""
        self.registry.register(_Total(f"promptguard_{name}", description, value))

    def totals(self, name: str, description: str, label: str, values: Callable[[], Mapping[str, float]]) -> None:
        """Several of them, told apart by one label."""
        self.registry.register(_Totals(f"promptguard_{name}", description, label, values))

    def count(self, event: Event) -> None:
        """A decision that is recorded."""
        self._decisions.labels(event.destination, event.action, event.inspection).inc()
        for finding in event.findings:
            self._findings.labels(str(finding["data_class"]), str(finding.get("action", ""))).inc()
        self._seconds.labels(event.inspection).observe(sum(event.latency_ms.values()) / 1000)

    def missed(self) -> None:
        """A decision that could not be recorded."""
        self._unrecorded.inc()

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class _Total(Collector):
    """A counter whose value somebody else has."""

    def __init__(self, name: str, description: str, value: Callable[[], float]) -> None:
        self._name = name
        self._description = description
        self._value = value

    def collect(self) -> Iterator[Metric]:
        """See `Collector.collect`."""
        yield CounterMetricFamily(self._name, self._description, self._value())


class _Totals(Collector):
    """A counter with one label, whose values somebody else has."""

    def __init__(self, name: str, description: str, label: str, values: Callable[[], Mapping[str, float]]) -> None:
        self._name = name
        self._description = description
        self._label = label
        self._values = values

    def collect(self) -> Iterator[Metric]:
        """See `Collector.collect`."""
        family = CounterMetricFamily(self._name, self._description, labels=[self._label])
        for value, total in sorted(self._values().items()):
            family.add_metric([value], total)
        yield family


class CountedRecord:
    """A record that counts what goes through it."""

    def __init__(self, record: Record, metrics: Metrics) -> None:
        self._record = record
        self._metrics = metrics

    async def record(self, event: Event) -> None:
        """See `Record.record`."""
        try:
            await self._record.record(event)
        except BaseException:
            self._metrics.missed()
            raise
        self._metrics.count(event)
