"""What is counted of the server that runs the names model."""

from __future__ import annotations

from promptguard.detectors.names.detector import NamesDetector
from promptguard.runtime.metrics import Metrics


def count_server(metrics: Metrics, names: NamesDetector) -> None:
    """Tell Prometheus of the server that the workers ask."""
    metrics.total(
        "names_server_answers", "Times that the names server judged what it was asked.", lambda: names.server.answered
    )
    metrics.total("names_server_failures", "Times that it did not.", lambda: names.server.failed)
    metrics.total(
        "names_server_seconds", "Seconds that workers waited for the names server.", lambda: names.server.seconds
    )
    metrics.total(
        "names_server_fallbacks",
        "Pieces of text that workers judged in the place of the names server.",
        lambda: names.server.fallback,
    )
    metrics.gauge(
        "names_server_open",
        "Workers that do not ask the names server now, because it failed.",
        lambda: names.server.open,
    )
