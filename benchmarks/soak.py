"""Long service: many varied scans, and what memory is kept after each ten thousand.

    python -m benchmarks.soak [--scans 100000] [--names 5000] [--output FILE]

Every text is new, so no cache answers and none may grow without bound. Memory counts as flat when it grows by less than
5 % after the first fifth, in which caches fill and allocators settle. The exit status is 1 where it does not stay flat.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import psutil

from benchmarks.detection.corpus import collections
from benchmarks.detection.engines import open_promptguard
from benchmarks.detection.sample import Measure
from promptguard.detectors.scanner import Scanner
from promptguard.model import Role, Segment

ROOT = Path(__file__).resolve().parents[1]

_SETTLED = 0.2
"""Share of the scans after which memory should not grow any more."""
_GROWTH = 0.05
_STEPS = 10
_LONG = 200
"""One text in so many is long: ten texts on end."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Memory after so many scans."""

    scans: int
    main_mb: float
    workers_mb: float
    seconds: float


def main() -> int:
    """Soak without names, then with them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=100_000, help="scans without names")
    parser.add_argument("--names", type=int, default=5_000, help="scans with names, through the real workers")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument("--output", type=Path, help="the JSON file to write")
    arguments = parser.parse_args()
    results = {}
    for name, scans, names in (("without names", arguments.scans, False), ("with names", arguments.names, True)):
        if scans:
            print(name, flush=True)
            with tempfile.TemporaryDirectory(prefix="promptguard-soak-") as folder:
                results[name] = asyncio.run(_soak(arguments.config, Path(folder), scans, names=names))
    grown = {name: growth(readings) for name, readings in results.items()}
    for name, share in grown.items():
        print(f"{name}: {share:+.1%} after the first {_SETTLED:.0%}: {'flat' if share < _GROWTH else 'NOT flat'}")
    if arguments.output:
        rows = {name: [asdict(reading) for reading in readings] for name, readings in results.items()}
        arguments.output.write_text(json.dumps({"readings": rows, "growth": grown}, indent=2) + "\n", encoding="utf-8")
    return int(any(share >= _GROWTH for share in grown.values()))


def growth(readings: list[Reading]) -> float:
    """How much more memory there is at the end than after the first fifth, as a share."""
    settled = next(reading for reading in readings if reading.scans >= _SETTLED * readings[-1].scans)
    before, after = (reading.main_mb + reading.workers_mb for reading in (settled, readings[-1]))
    return after / before - 1


async def _soak(config: Path, data: Path, scans: int, *, names: bool) -> list[Reading]:
    readings = []
    texts = varied_texts()
    async with open_promptguard(config, data, names=names) as engine:
        start = perf_counter()
        for number in range(1, scans + 1):
            await _scan(engine.detectors.scanner, next(texts))
            if number % max(1, scans // _STEPS) == 0:
                reading = _read(number, perf_counter() - start)
                readings.append(reading)
                print(f"  {number:>7} scans, {reading.seconds:6.0f} s: {reading.main_mb:.0f} MB", end="")
                print(f" + {reading.workers_mb:.0f} MB of workers" if names else "", flush=True)
    return readings


async def _scan(scanner: Scanner, text: str) -> None:
    half = len(text) // 2
    pieces = [text] if half % 3 else [text[:half], text[half:]]
    await scanner.scan([Segment((number,), piece, Role.USER) for number, piece in enumerate(pieces)])


def varied_texts() -> Iterator[str]:
    """Texts of the corpus without end, each with words and numbers of its own."""
    generator = random.Random(1)
    samples = [
        each.text
        for collection in collections()
        if collection.measure is not Measure.CODE
        for each in collection.build()
    ]
    while True:
        count = 10 if generator.randrange(_LONG) == 0 else 1
        text = "\n".join(generator.sample(samples, count))
        # A made-up name and number make each text one that no cache has seen.
        word = "".join(generator.choices("abcdefghijklmnoprstuvwz", k=generator.randint(4, 11)))
        yield f"{text}\n{word.capitalize()} {word[::-1]} {generator.getrandbits(48)}"


def _read(scans: int, seconds: float) -> Reading:
    process = psutil.Process()
    workers = sum(child.memory_info().rss for child in process.children(recursive=True))
    return Reading(scans, process.memory_info().rss / 1e6, workers / 1e6, seconds)


if __name__ == "__main__":
    sys.exit(main())
