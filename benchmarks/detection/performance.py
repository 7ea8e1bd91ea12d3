"""How fast the detectors are and how much memory they keep: each figure in a process of its own.

    python -m benchmarks.detection.performance patterns|names|presidio --config config [--quick]

prints one JSON object. Speeds are by CPU time, so that other processes do not disturb them much.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time

import psutil

from benchmarks.detection.corpus.clean import clean_code
from benchmarks.detection.values import Values

ROOT = Path(__file__).parents[2]
PARTS = ("patterns", "names", "presidio")
_WARM_UP = 200_000
_SMALL, _LARGE, _PRESIDIO_LARGE = 10_000, 10_000_000, 100_000
"""Characters of a prompt; stock Presidio would take minutes for the largest."""
_TENANT_ROWS = 1_000_000
_MODEL_TEXT = 60_000


def main() -> None:
    """Measure one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--config", type=Path, default=ROOT / "config")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promptguard-bench-") as folder:
        measures: dict[str, Callable[[], Mapping[str, object]]] = {
            "patterns": lambda: asyncio.run(_patterns(arguments.config, Path(folder), quick=arguments.quick)),
            "names": lambda: asyncio.run(_names(arguments.config, Path(folder), quick=arguments.quick)),
            "presidio": lambda: _presidio(quick=arguments.quick),
        }
        print(json.dumps(measures[arguments.part]()))


def measure(part: str, config: Path, *, quick: bool) -> dict[str, object]:
    """Run a part in a process of its own.

    Raises:
        subprocess.CalledProcessError: it failed; what it said went to standard error.
    """
    command = [sys.executable, "-m", "benchmarks.detection.performance", part, "--config", str(config.resolve())]
    done = subprocess.run(
        [*command, "--quick"] if quick else command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


async def _patterns(config: Path, data: Path, *, quick: bool) -> dict[str, object]:
    from benchmarks.detection.engines import open_promptguard
    from promptguard.model import Role, Segment

    customers = data / "customers.csv"
    rows = _TENANT_ROWS // (50 if quick else 1)
    _write_customers(customers, rows)
    start = perf_counter()
    built = await asyncio.to_thread(_build_tenants, config, data, customers)
    result: dict[str, object] = {"tenant_rows": rows, "tenants_build_s": perf_counter() - start if built else None}
    async with open_promptguard(config, data, names=False) as engine:
        speeds: dict[str, dict[str, float]] = {}
        for kind, text in _texts(_LARGE // (10 if quick else 1)).items():
            speeds[kind] = {}
            for size, times in ((_SMALL, 60), (len(text), 1)):
                pieces = [text[place : place + size] for place in range(0, size * times, size)][:times]
                # What is loaded or compiled when it is first needed is needed once in a proxy's life.
                for place in range(len(text) - _WARM_UP, len(text), _SMALL):
                    await engine.detectors.scanner.scan([Segment((), text[place : place + _SMALL], Role.USER)])
                before = process_time()
                for piece in pieces:
                    await engine.detectors.scanner.scan([Segment((), piece, Role.USER)])
                speeds[kind][str(size)] = sum(map(len, pieces)) / 1e6 / (process_time() - before)
        result |= {"megabytes_per_cpu_s": speeds, "peak_resident_mb": _resident(os.getpid())}
    result["resident_mb"] = await asyncio.to_thread(_fresh_resident, config, data)
    return result


async def _names(config: Path, data: Path, *, quick: bool) -> dict[str, object]:
    from benchmarks.detection.engines import cpu_seconds, open_promptguard
    from promptguard.model import Role, Segment

    text = _prose(_MODEL_TEXT // (4 if quick else 1))
    pieces = [text[place : place + 2_000] for place in range(0, len(text), 2_000)]
    async with open_promptguard(config, data) as engine:
        scanner = engine.detectors.scanner
        await scanner.scan([Segment((), _prose(500), Role.USER)])
        before = cpu_seconds()
        for piece in pieces:
            await scanner.scan([Segment((), piece, Role.USER)])
        spent = cpu_seconds() - before
        again = perf_counter()
        for piece in pieces:
            await scanner.scan([Segment((), piece, Role.USER)])
        again = perf_counter() - again
        workers = [_resident(child.pid) for child in psutil.Process().children(recursive=True)]
    return {
        "kilobytes_per_cpu_s": len(text) / 1e3 / spent,
        "kilobytes_per_s_cached": len(text) / 1e3 / again,
        "worker_resident_mb": max(workers, default=0.0),
    }


def _presidio(*, quick: bool) -> dict[str, object]:
    from benchmarks.detection.engines import StockPresidio

    engine = StockPresidio()
    engine.analyzer.analyze(_prose(500), language="en")
    speeds: dict[str, dict[str, float]] = {}
    for kind, text in _texts(_PRESIDIO_LARGE // (4 if quick else 1)).items():
        speeds[kind] = {}
        for size in (_SMALL, len(text)):
            before = process_time()
            engine.analyzer.analyze(text[:size], language="en")
            speeds[kind][str(size)] = size / 1e6 / (process_time() - before)
    return {"megabytes_per_cpu_s": speeds, "resident_mb": _resident(os.getpid())}


def _texts(size: int) -> dict[str, str]:
    code = "\n".join(sample.text for sample in clean_code())
    return {"prose": _prose(size), "code": (code * (size // len(code) + 1))[:size], "logs": _logs(size)}


def _prose(size: int) -> str:
    """Office prose, about one sentence in twelve with a name."""
    sys.path.append(str(ROOT / "benchmarks"))
    from prose import Prose

    return Prose(seed=size).text(size)


def _logs(size: int) -> str:
    generator = random.Random(size)
    lines = [
        f"2026-0{generator.randint(1, 9)}-1{generator.randint(0, 9)}T10:{generator.randint(10, 59)}:07Z level=info "
        f'msg="request served" route=/api/v{generator.randint(1, 3)}/items/{generator.randint(1, 99999)} '
        f"status={generator.choice([200, 200, 204, 404, 500])} duration_ms={generator.randint(1, 900)} "
        f"trace={generator.getrandbits(64):016x}\n"
        for _ in range(min(size // 100 + 1, 20_000))
    ]
    text = "".join(lines)
    return (text * (size // len(text) + 1))[:size]


def _write_customers(path: Path, rows: int) -> None:
    values = Values("customers", "en-US")
    firms = [values.make("company")[1] for _ in range(40)]
    persons = [values.make("name")[1] for _ in range(3_000)]
    with path.open("w", encoding="utf-8") as file:
        file.write("customer id,name,domain\n")
        for row in range(rows):
            person = persons[row % len(persons)]
            file.write(f"C{row + 1_000_000},{person} {firms[row % 40]} {row},c{row}-customers.com\n")


def _build_tenants(config: Path, data: Path, customers: Path) -> bool:
    command = [sys.executable, "-m", "promptguard.cli", "tenants", "build"]
    launcher = Path(sys.executable).with_name("promptguard")
    if launcher.exists():
        command = [str(launcher), "tenants", "build"]
    done = subprocess.run(
        [*command, "--config", str(config), "--data", str(data), str(customers)], stdout=subprocess.DEVNULL
    )
    return done.returncode == 0


def _fresh_resident(config: Path, data: Path) -> float:
    """Resident megabytes of a process that has loaded patterns and tenants and scanned one text."""
    program = (
        "import asyncio, sys, psutil\n"
        "from pathlib import Path\n"
        "from benchmarks.detection.engines import open_promptguard\n"
        "from promptguard.model import Role, Segment\n"
        "async def main():\n"
        "    async with open_promptguard(Path(sys.argv[1]), Path(sys.argv[2]), names=False) as engine:\n"
        "        await engine.detectors.scanner.scan([Segment((), 'My card is 4111 1111 1111 1111.', Role.USER)])\n"
        "        print(psutil.Process().memory_info().rss / 1e6)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(config), str(data)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return float(done.stdout.split()[-1])


def _resident(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / 1e6


if __name__ == "__main__":
    main()
