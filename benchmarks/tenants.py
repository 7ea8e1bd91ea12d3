"""What an index of customers costs: time to build it, memory while it is used, time to look through a prompt.

    python benchmarks/tenants.py --rows 10000000
    python benchmarks/tenants.py --rows 10000000 --columns id,person,email,phone --mandatory id

Rows are made up from a seed. The build runs in a process of its own, and so does the use, so that memory is that of one
thing only: resident memory after loading and after thousands of prompts, less that of the same process before.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from prose import Prose

KEY = bytes(range(32))
PROMPT_BYTES = 10_240
SYLLABLES = [a + b + c for a in "bdfgklmnprstv" for b in "aeiou" for c in ("", "l", "n", "r", "s")]
KINDS: dict[str, Callable[[random.Random, int], str]] = {
    "company": lambda draw, _: f"{word(draw, 3)} {word(draw, 3)} GmbH",
    "person": lambda draw, _: f"{word(draw, 2)} {word(draw, 3)}",
    "id": lambda draw, number: f"C-{draw.randrange(1000):03}-{number:08}",
    "email": lambda draw, number: f"{word(draw, 2)}.{word(draw, 2)}{number % 1000}@{word(draw, 3)}.example",
    "phone": lambda draw, _: f"+49 30 {draw.randrange(10**7, 10**8)}",
    "domain": lambda draw, _: f"{word(draw, 4)}.example",
}
"""Makers of values, by kind of column."""


def word(draw: random.Random, syllables: int) -> str:
    """A word that looks like a name."""
    return "".join(draw.choices(SYLLABLES, k=syllables)).capitalize()


def rows(count: int, kinds: list[str], seed: int) -> Iterator[list[str]]:
    """Rows of values of these kinds."""
    draw = random.Random(seed)
    for number in range(count):
        yield [KINDS[kind](draw, number) for kind in kinds]


def resident() -> int:
    """Bytes of memory that this process takes, mapped files included."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def build(table: Path, index: Path, layout: dict[str, Any]) -> dict[str, Any]:
    """Make the index; tell seconds and the most memory that it took."""
    from promptguard.detectors.tenants.build import build_index
    from promptguard.detectors.tenants.layout import TableLayout

    started, processor_started = time.perf_counter(), time.process_time()
    report = build_index(table, index, KEY, layout=TableLayout.model_validate_json(json.dumps(layout)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - processor_started,
        "peak": peak,
        "terms": report.terms,
    }


def use(index: Path, prompts: int, planted: list[list[str]]) -> dict[str, Any]:
    """Load the index and look through prompts; tell memory and times."""
    from promptguard.detectors.tenants.folding import warm_up
    from promptguard.detectors.tenants.index import TenantIndex

    warm_up()
    prose = Prose(7)
    texts = [prose.text(PROMPT_BYTES) for _ in range(200)]
    before = resident()
    started = time.perf_counter()
    tenants = TenantIndex.load(index, KEY)
    load = time.perf_counter() - started
    loaded = resident()
    times, processor_times, false = [], [], 0
    draw = random.Random(5)
    for number in range(prompts):
        # Words of each prompt are other ones, so that no page of the index stays cold.
        text = " ".join(
            each if draw.random() < 0.7 else word(draw, 3) for each in texts[number % len(texts)].split(" ")
        )[:PROMPT_BYTES]
        started, processor_started = time.perf_counter(), time.thread_time()
        false += len(tenants.find(text))
        times.append(time.perf_counter() - started)
        processor_times.append(time.thread_time() - processor_started)
    used = resident()
    found = sum(
        bool(tenants.find(f"{text[:5000]} {' and '.join(values)} {text[5000:]}"))
        for values, text in zip(planted, texts, strict=False)
    )
    return {
        "load": load,
        "loaded": loaded - before,
        "used": used - before,
        "p50": statistics.median(times) * 1000,
        "cpu": statistics.median(processor_times) * 1000,
        "p99": statistics.quantiles(times, n=100)[98] * 1000,
        "false": false,
        "found": found,
        "planted": len(planted),
    }


def in_process(target: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """What a function returns in a fresh process."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(target, *arguments).result()


def main() -> None:
    """Build, use, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", default="company", help=f"of {', '.join(KINDS)}, separated by commas")
    parser.add_argument("--mandatory", help="a column that the rule makes mandatory")
    parser.add_argument("--prompts", type=int, default=3_000)
    options = parser.parse_args()
    kinds = options.columns.split(",")
    rule = {"mandatory": [options.mandatory]} if options.mandatory else {}
    layout = {"columns": {kind: {"kind": kind} for kind in kinds}, "rule": rule}
    with tempfile.TemporaryDirectory() as folder:
        table, index = Path(folder, "customers.csv"), Path(folder, "tenants.index")
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(kinds)
            writer.writerows(rows(options.rows, kinds, seed=3))
        planted = [values for _, values in zip(range(100), rows(options.rows, kinds, seed=3), strict=False)]
        built = in_process(build, table, index, layout)
        used = in_process(use, index, options.prompts, planted)
        size = index.stat().st_size
    print(f"{options.rows:,} rows of {options.columns}: {built['terms']:,} terms")
    print(f"build: {built['seconds']:.0f} s, processor {built['cpu']:.0f} s, at most {built['peak'] / 2**20:,.0f} MiB")
    print(f"file: {size / 2**20:,.0f} MiB; read and checked in {used['load']:.2f} s")
    print(
        f"resident: {used['loaded'] / 2**20:.0f} MiB loaded, {used['used'] / 2**20:.0f} MiB after "
        f"{options.prompts:,} prompts, {used['used'] / options.rows:.1f} bytes a row"
    )
    print(f"10 KB prompt: p50 {used['p50']:.2f} ms, p99 {used['p99']:.2f} ms, processor {used['cpu']:.2f} ms")
    print(f"false findings: {used['false']}; planted rows found: {used['found']} of {used['planted']}")


if __name__ == "__main__":
    main()
