"""Puts the second look together, and has it counted."""

from __future__ import annotations

from promptguard.audit.recorder import Recorder
from promptguard.configuration.settings import Settings
from promptguard.detectors.names.second_look import NO_SECOND_LOOK
from promptguard.guard import SecondLooks
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.runtime.metrics import Metrics


def make_second_looks(
    settings: Settings, memory: ScopeMemory, recorder: Recorder, metrics: Metrics | None
) -> SecondLooks | None:
    """What looks at requests again that were sent on; None where the settings say that nothing does.

    Args:
        metrics: what counts; None counts nothing.
    """
    names = settings.names
    if not names.enabled or names.second_look == NO_SECOND_LOOK:
        return None
    looks = SecondLooks(memory, recorder.state, queue_bytes=int(names.second_look_queue_mb * 2**20))
    if metrics is not None:
        _count(looks, metrics)
    return looks


def _count(looks: SecondLooks, metrics: Metrics) -> None:
    metrics.totals(
        "second_look_findings",
        "What the second look found in requests that had gone on, and policy would have acted on.",
        "entity_type",
        lambda: looks.found,
    )
    metrics.total("second_look_requests", "Requests that were looked at a second time.", lambda: looks.looked)
    metrics.total("second_look_dropped", "Requests that were not, because too much waited.", lambda: looks.dropped)
    metrics.total("second_look_failed", "Requests that could not be.", lambda: looks.failed)
    metrics.gauge("second_look_queue", "Requests that wait for the second look.", lambda: looks.waiting)
    metrics.gauge("second_look_queue_bytes", "Memory that their texts take.", lambda: looks.bytes)
