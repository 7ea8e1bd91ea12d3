"""Score the detectors on the corpus, beside stock Presidio on the same texts.

python -m benchmarks.detection [--quick] [--errors FILE] [--output FILE] [--publish]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TextIO

from benchmarks.detection import report, scoring
from benchmarks.detection.corpus import collections, thin_out
from benchmarks.detection.engines import Outcome, PromptGuard, StockPresidio, open_promptguard
from benchmarks.detection.performance import PARTS, ROOT, measure
from benchmarks.detection.sample import Collection, Measure, Sample

_HELD_OUT = " (held out)"


def main() -> int:
    """Run the benchmark; the exit status is 0 whatever the figures."""
    arguments = _arguments()
    figures = json.loads(arguments.figures.read_text(encoding="utf-8")) if arguments.figures else _measure(arguments)
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(report.page(figures))
    if arguments.publish:
        if figures["quick"] or not {"prompts", "clean code"} <= set(figures["sets"]):
            print("only the figures of a full run are published", file=sys.stderr)
            return 2
        report.publish(ROOT / "README.md", "detection figures", report.summary(figures))
        report.publish(ROOT / "docs" / "detection.md", "detection figures", report.page(figures))
    return 0


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="promptguard-bench-") as folder:
        sets = asyncio.run(_score(arguments, Path(folder)))
    figures: dict[str, Any] = {"sets": sets, "quick": arguments.quick}
    if not arguments.no_performance:
        figures["performance"] = _performance(arguments)
    figures["seconds"] = round(time.perf_counter() - started)
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the texts")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument("--only", default="", help="sets whose names start with one of these, separated by commas")
    parser.add_argument("--no-names", action="store_true", help="without the names tier")
    parser.add_argument("--no-presidio", action="store_true", help="without stock Presidio beside it")
    parser.add_argument("--no-performance", action="store_true", help="without speed and memory")
    parser.add_argument("--output", type=Path, help="the JSON file to write")
    parser.add_argument(
        "--errors",
        type=Path,
        help="write what was missed and what was found in vain, with its text; not into the repository",
    )
    parser.add_argument("--figures", type=Path, help="take the figures from this JSON file instead of measuring")
    parser.add_argument("--publish", action="store_true", help="put the tables into README.md and docs/detection.md")
    arguments = parser.parse_args()
    if arguments.errors and arguments.errors.resolve().is_relative_to(ROOT):
        parser.error("--errors holds texts of the corpus: it does not go into the repository")
    return arguments


async def _score(arguments: argparse.Namespace, data: Path) -> dict[str, dict[str, object]]:
    chosen = [each for each in collections() if each.name.startswith(tuple(arguments.only.split(",")))]
    presidio = None if arguments.no_presidio else StockPresidio()
    sets: dict[str, dict[str, object]] = defaultdict(dict)
    with arguments.errors.open("w", encoding="utf-8") if arguments.errors else nullcontext() as errors:
        async with open_promptguard(arguments.config, data, names=not arguments.no_names) as promptguard:
            for collection in chosen:
                samples = thin_out(collection.build(), quick=arguments.quick)
                print(f"{collection.name}: {len(samples)} texts …", file=sys.stderr, flush=True)
                ours = await promptguard.find(samples)
                _add(sets, collection, samples, PromptGuard.name, ours)
                _write_errors(errors, collection, samples, ours)
                if presidio:
                    _add(sets, collection, samples, presidio.name, presidio.find(samples))
    return sets


def _add(
    sets: dict[str, dict[str, object]], collection: Collection, samples: Sequence[Sample], engine: str, outcome: Outcome
) -> None:
    kilobytes = sum(len(sample.text) for sample in samples) / 1000
    for name, places in _parts(collection, samples):
        part = [samples[place] for place in places]
        found = [outcome.findings[place] for place in places]
        sets[name][engine] = _judge(collection.measure, part, found)
    whole = sets[collection.name][engine]
    assert isinstance(whole, dict)
    whole["speed"] = {
        "kilobytes_per_s": kilobytes / outcome.seconds,
        "kilobytes_per_cpu_s": kilobytes / max(outcome.cpu_seconds, 1e-9),
    }


def _parts(collection: Collection, samples: Sequence[Sample]) -> Iterator[tuple[str, list[int]]]:
    """A collection as a whole, its held-out third, and labelled prompts by language too."""
    yield collection.name, list(range(len(samples)))
    held_out = [place for place, sample in enumerate(samples) if sample.held_out]
    if held_out and collection.measure is not Measure.CODE:
        yield collection.name + _HELD_OUT, held_out
    if collection.measure is Measure.LABELLED:
        languages: dict[str, list[int]] = defaultdict(list)
        for place, sample in enumerate(samples):
            languages[sample.language].append(place)
        for language, places in sorted(languages.items()):
            yield f"{collection.name} [{language}]", places


def _judge(kind: Measure, samples: Sequence[Sample], found: Sequence[scoring.Findings]) -> dict[str, object]:
    match kind:
        case Measure.LABELLED:
            return scoring.score_labelled(samples, found).figures()
        case Measure.SECRETS:
            return dict(scoring.score_secrets(samples, found))
        case Measure.LOOKALIKES:
            return dict(scoring.score_lookalikes(samples, found))
        case Measure.EVASIONS:
            return dict(scoring.score_evasions(samples, found))
        case _:
            return scoring.score_clean(samples, found)


def _write_errors(file: TextIO | None, collection: Collection, samples: Sequence[Sample], outcome: Outcome) -> None:
    if file is None:
        return
    for sample, found in zip(samples, outcome.findings, strict=True):
        if sample.held_out:
            continue  # what is held out is not for tuning
        for kind, span in scoring.errors(sample, found):
            row = {
                "set": collection.name, "id": sample.id, "group": sample.group, "language": sample.language,
                "error": kind, "label": span.label, "value": sample.text[span.start : span.end],
                "context": sample.text[max(0, span.start - 60) : span.end + 40],
                "found": [[each.label, sample.text[each.start : each.end]] for each in found
                          if each.start < span.end and each.end > span.start],
            }  # fmt: skip
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _performance(arguments: argparse.Namespace) -> dict[str, object]:
    left_out = {"presidio" if arguments.no_presidio else "", "names" if arguments.no_names else ""}
    results: dict[str, object] = {}
    for part in PARTS:
        if part in left_out:
            continue
        print(f"speed and memory, {part} …", file=sys.stderr, flush=True)
        try:
            results[part] = measure(part, arguments.config, quick=arguments.quick)
        except subprocess.CalledProcessError as error:
            print(f"{part}: ended with status {error.returncode}", file=sys.stderr)
    return results


if __name__ == "__main__":
    sys.exit(main())
