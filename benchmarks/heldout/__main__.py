"""Score persons and addresses on the held-out set, found as `promptguard scan` finds them.

python -m benchmarks.heldout [--half seen|unseen] [--languages en,de] [--errors FILE] [--output FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.detection.engines import open_promptguard
from benchmarks.detection.performance import ROOT
from benchmarks.detection.sample import Sample
from benchmarks.heldout.judging import Figures, errors, judge
from benchmarks.heldout.report import table
from benchmarks.heldout.texts import FOLDER, Half, Item, items, languages


def main() -> int:
    """Run the benchmark; the exit status is 0 whatever the figures."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="promptguard-heldout-") as folder:
        figures = asyncio.run(_score(arguments, Path(folder)))
    for half, by_language in figures.items():
        print(f"{half} half\n\n{table(by_language)}")
    if arguments.output:
        rows = {half: {name: each.as_json() for name, each in part.items()} for half, part in figures.items()}
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=[*Half], help="only this half; both without")
    parser.add_argument("--languages", default=",".join(languages()), help="two-letter codes, separated by commas")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument("--output", type=Path, help="the JSON file to write")
    parser.add_argument(
        "--errors", type=Path, help="write what was missed and found in vain in the seen half; not into the repository"
    )
    arguments = parser.parse_args()
    arguments.languages = arguments.languages.split(",")
    for language in arguments.languages:
        if language not in languages():
            parser.error(f"--languages: no texts in {language!r} in {FOLDER}; there are {', '.join(languages())}")
    if arguments.errors and arguments.errors.resolve().is_relative_to(ROOT):
        parser.error("--errors holds texts of the set: it does not go into the repository")
    return arguments


async def _score(arguments: argparse.Namespace, data: Path) -> dict[Half, dict[str, Figures]]:
    halves = [Half(arguments.half)] if arguments.half else [*Half]
    figures: dict[Half, dict[str, Figures]] = {half: {} for half in halves}
    mistakes: list[dict[str, object]] = []
    async with open_promptguard(arguments.config, data) as promptguard:
        for language in arguments.languages:
            for half in halves:
                texts = [item for item in items(language) if item.half is half]
                outcome = await promptguard.find([Sample(item.id, item.text, language=language) for item in texts])
                figures[half][language] = judge(texts, outcome.findings)
                if half is Half.SEEN:
                    for item, found in zip(texts, outcome.findings, strict=True):
                        mistakes += [_mistake(item, kind, span.span) for kind, span in errors(item, found)]
    if arguments.errors:
        lines = (json.dumps(mistake, ensure_ascii=False) + "\n" for mistake in mistakes)
        arguments.errors.write_text("".join(lines), encoding="utf-8")
    return figures


def _mistake(item: Item, kind: str, span: tuple[int, int]) -> dict[str, object]:
    start, end = span
    return {
        "id": item.id,
        "error": kind,
        "value": item.text[start:end],
        "context": item.text[max(0, start - 60) : end + 40],
    }


if __name__ == "__main__":
    sys.exit(main())
