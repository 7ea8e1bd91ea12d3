from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from promptguard.detectors.names.inference_server.report import ServerReport
from promptguard.runtime.metrics import Metrics
from promptguard.runtime.names_server import count_server


def test_what_workers_count_is_told() -> None:
    metrics, names = Metrics(), SimpleNamespace(server=ServerReport())
    detector: Any = names
    count_server(metrics, detector)
    names.server = ServerReport(answered=5, failed=2, fallback=7, seconds=1.5, open=1)
    told = metrics.exposition().decode()
    for line in ("answers_total 5.0", "failures_total 2.0", "fallbacks_total 7.0", "seconds_total 1.5", "open 1.0"):
        assert f"promptguard_names_server_{line}" in told
