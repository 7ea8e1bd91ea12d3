"""What the proxy costs: added latency, requests per second, CPU and memory, against bare mitmproxy in the same run.

    python benchmarks/latency.py [--quick] [--output benchmarks/results/latency.json]

All variants are measured in turn within every round, so that the machine's mood falls on all of them alike. Prompts
are fresh for every request: no cache helps, except where the benchmark is about the cache.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from load import Sample, at_once, offered, one_after_another, paced
from prose import Prose, chat, chats
from report import Cell, Goal, markdown, percentile, size_name, write
from upstream import Upstream
from variants import BARE, NAMES, PATTERNS, ROOT, Usage, Variant, running

SIZES = {100: 1500, 2_000: 1500, 20_000: 500, 200_000: 60}
"""Bytes of a prompt's text, and the most requests of one stretch: each needs a text of its own."""

CONNECTIONS = 8
BIG = 200_000
SMALL = 200
TURNS, TURN_SIZE, NEW_SIZE = 31, 2_000, 1_000
"""A conversation of about 60 KB, and the text that a person adds to it."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int
    seconds: float
    """Of one stretch of load."""
    pairs: int
    """Of a short prompt and a long conversation, in each round."""
    small_prompts: int
    """Paced ones in each round of the test beside a long scan."""
    offered: int
    """Prompts at a rate of `OFFERED_PER_SECOND`."""
    rounds_with_long_names: frozenset[int]
    """In which rounds the names tier gets its longest prompt, which takes it ten seconds and more."""


FULL = Effort(rounds=3, seconds=1.2, pairs=12, small_prompts=120, offered=1200, rounds_with_long_names=frozenset({0}))
QUICK = Effort(rounds=1, seconds=0.4, pairs=4, small_prompts=30, offered=300, rounds_with_long_names=frozenset())
PACE_SECONDS = 0.04
OFFERED_PER_SECOND = 60.0
"""Fresh prompts of 2 KB, from people who do not wait for each other."""


def main() -> int:
    """Run the benchmark; the exit status is 0 whether or not the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round: about two minutes")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument(
        "--output",
        type=Path,
        default=ROOT / "benchmarks" / "results" / "latency.json",
        help="the JSON file to write; the Markdown page lies beside it",
    )
    arguments = parser.parse_args()
    effort = QUICK if arguments.quick else FULL
    prose = Prose()
    with (
        tempfile.TemporaryDirectory(prefix="promptguard-bench-") as folder,
        Upstream(Path(folder) / "upstream") as upstream,
        running(Path(folder), upstream, arguments.config) as variants,
    ):
        for variant in variants:
            one_after_another(variant.endpoint, chats(prose, 500, 30), 1.0)  # connections, imports, caches of code
        cells = measure_sizes(variants, prose, effort)
        by_name = {variant.name: variant for variant in variants}
        conversations = {name: measure_conversation(by_name[name], prose, effort) for name in (BARE, PATTERNS, NAMES)}
        many = offered(by_name[NAMES].endpoint, chats(prose, 2_000, effort.offered), OFFERED_PER_SECOND, 32)
        alone, beside = measure_beside_long_scan(by_name[NAMES], prose, effort)
        memory = {variant.name: variant.resident_megabytes() for variant in variants if variant.process}
    goals = judge(cells, conversations, alone, beside, memory)
    extra = {
        f"60 KB conversation with 1 KB new / 1 KB alone, {name}": f"{long:.2f} / {short:.2f} ms"
        for name, (short, long) in conversations.items()
    }
    extra["small prompt beside a 200 KB names scan / alone"] = (
        f"p50 {percentile(beside.milliseconds, 50):.1f} / {percentile(alone.milliseconds, 50):.1f} ms, "
        f"p99 {percentile(beside.milliseconds, 99):.1f} / {percentile(alone.milliseconds, 99):.1f} ms"
    )
    extra[f"{OFFERED_PER_SECOND:.0f} fresh 2 KB prompts a second, names"] = (
        f"p50 {percentile(many.milliseconds, 50):.1f} ms, p99 {percentile(many.milliseconds, 99):.1f} ms, "
        f"{many.refused} of {effort.offered} refused as busy"
        if many.milliseconds
        else f"all {effort.offered} refused as busy"
    )
    page = markdown(cells, goals, {f"memory, {name}": _memory(usage) for name, usage in memory.items()}, extra, BARE)
    print(page)
    megabytes = {name: {"proxy": usage.proxy, "workers": usage.workers} for name, usage in memory.items()}
    write(arguments.output, page, cells, goals, {"other": extra, "resident_mb": megabytes})
    print(f"Written to {arguments.output} and {arguments.output.with_suffix('.md').name}.", file=sys.stderr)
    return 0


def measure_sizes(variants: Sequence[Variant], prose: Prose, effort: Effort) -> list[Cell]:
    """Every variant at every size."""
    cells = {(variant.name, size): Cell(variant.name, size) for size in SIZES for variant in variants}
    for number in range(effort.rounds):
        for size, most in SIZES.items():
            print(f"Round {number + 1} of {effort.rounds}, {size_name(size)} …", file=sys.stderr, flush=True)
            for variant in [*variants[number % len(variants) :], *variants[: number % len(variants)]]:
                if variant.name == NAMES and size == BIG and number not in effort.rounds_with_long_names:
                    continue
                _measure(variant, cells[variant.name, size], prose, effort.seconds, most)
    return list(cells.values())


def _measure(variant: Variant, cell: Cell, prose: Prose, seconds: float, most: int) -> None:
    one = one_after_another(variant.endpoint, chats(prose, cell.size, most), seconds)
    cell.milliseconds += one.milliseconds
    cell.refused += one.refused
    if one.milliseconds:
        cell.p50_by_round.append(percentile(one.milliseconds, 50))
    if variant.name == NAMES and cell.size == BIG:
        return  # eight such scans at once take longer than a request may
    bodies = chats(prose, cell.size, most)
    before = variant.cpu_milliseconds()
    many = at_once(variant.endpoint, bodies, seconds, CONNECTIONS)
    after = variant.cpu_milliseconds()
    cell.refused += many.refused
    cell.rate_by_round.append(many.rate)
    if variant.process and many.milliseconds:
        cell.proxy_cpu.append((after.proxy - before.proxy) / len(many.milliseconds))
        cell.worker_cpu.append((sum(after.workers) - sum(before.workers)) / len(many.milliseconds))


def measure_conversation(variant: Variant, prose: Prose, effort: Effort) -> tuple[float, float]:
    """Median milliseconds of 1 KB alone, and of 1 KB at the end of a conversation that was sent before."""
    turns = [prose.text(TURN_SIZE) for _ in range(TURNS - 1)]
    one_after_another(variant.endpoint, [chat(*turns, prose.text(NEW_SIZE))], 60.0)
    short, long = Sample(), Sample()
    for _ in range(effort.pairs * effort.rounds):
        short.milliseconds += one_after_another(variant.endpoint, chats(prose, NEW_SIZE, 2), 60).milliseconds[1:]
        resent = [chat(*turns, prose.text(NEW_SIZE)) for _ in range(2)]
        long.milliseconds += one_after_another(variant.endpoint, resent, 60).milliseconds[1:]
    return percentile(short.milliseconds, 50), percentile(long.milliseconds, 50)


def measure_beside_long_scan(variant: Variant, prose: Prose, effort: Effort) -> tuple[Sample, Sample]:
    """Small prompts at a person's pace: alone, and while the names tier works on a long prompt."""
    alone, beside = Sample(), Sample()
    for _ in range(max(1, effort.rounds - 1)):
        alone.milliseconds += paced(
            variant.endpoint, chats(prose, SMALL, effort.small_prompts), PACE_SECONDS
        ).milliseconds
        ending = threading.Event()

        def scan_long_prompts(ending: threading.Event = ending) -> None:
            while not ending.is_set():
                one_after_another(variant.endpoint, chats(prose, BIG, 1), 60.0)

        long = threading.Thread(target=scan_long_prompts)
        bodies = chats(prose, SMALL, effort.small_prompts)
        long.start()
        beside.milliseconds += paced(variant.endpoint, bodies, PACE_SECONDS).milliseconds
        ending.set()
        long.join()
    return alone, beside


def judge(
    cells: Sequence[Cell],
    conversations: dict[str, tuple[float, float]],
    alone: Sample,
    beside: Sample,
    memory: dict[str, Usage],
) -> list[Goal]:
    """The figures that PromptGuard promises."""
    found = {(cell.variant, cell.size): cell for cell in cells}
    ours, bare = found[PATTERNS, 2_000], found[BARE, 2_000]
    p99_ratio = percentile(beside.milliseconds, 99) / percentile(alone.milliseconds, 99)
    goals = [
        Goal("p50 at 2 KB without names / bare mitmproxy", ours.p50 / bare.p50, 1.5),
        Goal("requests/s at 2 KB without names / bare mitmproxy", ours.rate / bare.rate, 0.65, at_least=True),
        Goal(
            "60 KB conversation resent / 1 KB alone, no names",
            conversations[PATTERNS][1] / conversations[PATTERNS][0],
            3,
        ),
        Goal("60 KB conversation resent / 1 KB alone, names", conversations[NAMES][1] / conversations[NAMES][0], 3),
        Goal("small prompt's p99 beside a 200 KB names scan / alone", p99_ratio, 3),
        Goal("memory of the proxy, no names", memory[PATTERNS].proxy, 150, " MB"),
        Goal("memory of the proxy, names", memory[NAMES].proxy, 150, " MB"),
    ]
    if memory[NAMES].workers:
        goals.append(Goal("memory of the largest names worker", max(memory[NAMES].workers), 350, " MB"))
    return goals


def _memory(usage: Usage) -> str:
    workers = ", ".join(f"{megabytes:.0f}" for megabytes in usage.workers)
    return f"proxy {usage.proxy:.0f} MB" + (f", workers {workers} MB" if workers else "")


if __name__ == "__main__":
    sys.exit(main())
