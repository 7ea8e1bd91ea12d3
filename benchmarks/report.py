"""Figures as people and programs read them: a Markdown page and a JSON file."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles

import psutil

_ENOUGH_FOR_P99 = 20
"""Requests below which a 99th percentile says nothing."""


def percentile(milliseconds: Sequence[float], share: int) -> float:
    """The `share`-th percentile; of few values, the nearest thing to it."""
    if not milliseconds:
        return float("nan")
    if len(milliseconds) == 1:
        return milliseconds[0]
    return quantiles(milliseconds, n=100, method="inclusive")[share - 1]


@dataclass(slots=True)
class Cell:
    """One variant at one prompt size, over all rounds."""

    variant: str
    size: int
    p50_by_round: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    rate_by_round: list[float] = field(default_factory=list)
    proxy_cpu: list[float] = field(default_factory=list)
    """CPU milliseconds of the proxy for each request, by round."""
    worker_cpu: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def p50(self) -> float:
        """Median over rounds of each round's median."""
        return median(self.p50_by_round) if self.p50_by_round else float("nan")

    @property
    def p99(self) -> float:
        """Of all rounds' requests together."""
        return percentile(self.milliseconds, 99)

    @property
    def rate(self) -> float:
        """Requests per second on 8 connections, median over rounds."""
        return median(self.rate_by_round) if self.rate_by_round else float("nan")

    def figures(self) -> dict[str, object]:
        """For the JSON file."""
        return {
            "variant": self.variant,
            "prompt_bytes": self.size,
            "p50_ms": self.p50,
            "p99_ms": self.p99,
            "requests": len(self.milliseconds),
            "requests_per_second_c8": self.rate,
            "proxy_cpu_ms_per_request": median(self.proxy_cpu) if self.proxy_cpu else None,
            "worker_cpu_ms_per_request": median(self.worker_cpu) if self.worker_cpu else None,
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise, and what was measured."""

    what: str
    measured: float
    goal: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise holds."""
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return {
        "cores": str(psutil.cpu_count()),
        "cpu": model,
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{
            name: version(name)
            for name in ("promptguard", "mitmproxy", "hyperscan", "onnxruntime", "presidio-analyzer")
        },
    }


def markdown(
    cells: Sequence[Cell], goals: Sequence[Goal], memory: Mapping[str, str], extra: Mapping[str, str], bare: str
) -> str:
    """The page for README and people."""
    facts = machine()
    lines = [
        f"{facts['cores']} cores ({facts['cpu']}), {facts['memory']}, {facts['system']}, Python {facts['python']}, "
        f"mitmproxy {facts['mitmproxy']}. Client, proxy and service share the machine.",
        "",
        "| prompt | variant | p50 ms | p99 ms | p50 / bare | requests/s, 8 connections | of bare | CPU ms/request |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    reference = {cell.size: cell for cell in cells if cell.variant == bare}
    for cell in cells:
        base = reference[cell.size]
        cpu = [median(cell.proxy_cpu)] if cell.proxy_cpu else []
        if cell.worker_cpu and max(cell.worker_cpu) > 0:
            cpu.append(median(cell.worker_cpu))
        columns = (
            size_name(cell.size),
            cell.variant,
            _milliseconds(cell.p50),
            _milliseconds(cell.p99 if len(cell.milliseconds) >= _ENOUGH_FOR_P99 else float("nan")),
            _ratio(cell.p50, base.p50),
            _number(cell.rate),
            _ratio(cell.rate, base.rate),
            " + ".join(f"{milliseconds:.2f}" for milliseconds in cpu) or "–",
        )
        lines.append(f"| {' | '.join(columns)} |")
    lines += ["", "CPU: the proxy's, and after the plus the names workers'.", ""]
    refused = [f"{cell.variant} at {size_name(cell.size)}: {cell.refused}" for cell in cells if cell.refused]
    if refused:
        lines += [f"Requests refused because scanning took too long: {'; '.join(refused)}.", ""]
    lines += ["| goal | measured | goal | met |", "|---|--:|--:|---|"]
    for goal in goals:
        sign = "≥" if goal.at_least else "≤"
        met = "yes" if goal.met else "**no**"
        lines.append(f"| {goal.what} | {goal.measured:.2f}{goal.unit} | {sign} {goal.goal:g}{goal.unit} | {met} |")
    lines += ["", *(f"- {name}: {value}" for name, value in {**extra, **memory}.items()), ""]
    return "\n".join(lines)


def write(path: Path, page: str, cells: Sequence[Cell], goals: Sequence[Goal], more: Mapping[str, object]) -> None:
    """Write `path` (JSON) and the page beside it, with the suffix `.md`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "machine": machine(),
        "cells": [cell.figures() for cell in cells],
        "goals": [asdict(goal) | {"met": goal.met} for goal in goals],
        **more,
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    path.with_suffix(".md").write_text(page)


def size_name(size: int) -> str:
    """`2 KB` for 2000."""
    return f"{size} B" if size < 1000 else f"{size // 1000} KB"


def _milliseconds(value: float) -> str:
    return "–" if value != value else f"{value:.2f}"


def _number(value: float) -> str:
    return "–" if value != value else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # NaN differs from itself


def _ratio(value: float, base: float) -> str:
    return "–" if value != value or base != base else f"{value / base:.2f}"
