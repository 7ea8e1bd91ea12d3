"""What one request costs, as `python -m benchmarks.capacity measure` has measured it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from benchmarks.capacity.workload import Kind

MEASURED = Path(__file__).parents[1] / "results" / "capacity.json"


@dataclass(frozen=True, slots=True)
class RequestCost:
    """Processor time of one request."""

    proxy_ms: float
    """Of the proxy, which is one process."""
    names_ms: float
    """Of names workers."""


@dataclass(frozen=True, slots=True)
class Costs:
    """All of it."""

    machine: str
    """Where it was measured."""
    busy: float | None
    """As `runs.Processes.busy`."""
    bare_ms: float
    """Processor time of bare mitmproxy for a small request, in turn in the same run: the machine's speed that day."""
    requests: Mapping[Kind, RequestCost]
    proxy_mb: float
    """Resident memory of a proxy after traffic, in MB of 10^6 bytes."""
    names_mb: float
    """Of one names worker."""
    console_mb: float
    record_bytes: Mapping[str, float]
    """Bytes of PostgreSQL's files for each decision, indexes and the console's tables included: `allowed`, `found`."""

    @classmethod
    def load(cls, path: Path = MEASURED) -> Self:
        """As they were written."""
        told = json.loads(path.read_text("utf-8"))
        told["requests"] = {Kind(kind): RequestCost(**cost) for kind, cost in told["requests"].items()}
        return cls(**told)

    def save(self, path: Path = MEASURED) -> None:
        """For `load`."""
        told = asdict(self)
        path.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
