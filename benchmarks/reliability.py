"""How often a person found by the names model is one, by the score of the finding, before and after calibration.

    python -m benchmarks.reliability [--picture FILE]

On the seen half of the held-out set and on the held-out third of our own prompts; the calibration was fitted on other
texts (`tools/names/calibrate.py`). Public figures count neither for nor against.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from benchmarks.detection.corpus import prompts
from benchmarks.detection.sample import Gold
from benchmarks.detection.scoring import half_covered, overlap
from benchmarks.heldout.texts import Half, Label, items, languages
from promptguard.detectors.names.chunks import chunks, without_surrogates
from promptguard.detectors.names.models import NamesModel
from promptguard.detectors.names.prose_segmentation import prose_spans
from promptguard.detectors.names.spans import PERSON

EDGES: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.001)
"""Scores between which findings are put together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding."""

    before: float
    """The model's score, from 0 to 1."""
    after: float
    """The calibrated one."""
    right: bool


def judged(text: str, gold: Sequence[Gold], raw: NamesModel, model: NamesModel) -> Iterator[Judged]:
    """The persons that the models find in a text; they differ in nothing but their scores."""
    persons, aside = (
        [span.span for span in gold if span.label == label] for label in (Label.PERSON, Label.PUBLIC_PERSON)
    )
    text = without_surrogates(text)
    for chunk in chunks(text, prose_spans(text)):
        for before, after in zip(raw.find(chunk.text), model.find(chunk.text), strict=True):
            if before.entity_type != PERSON:
                continue
            for span in chunk.locate(before.start, before.end):
                right = half_covered(span, persons)
                if right or not overlap(span, aside):
                    yield Judged(before.score, after.score, right)


def error(findings: Sequence[Judged], *, after: bool) -> float:
    """The expected calibration error: by how much score and share of right findings differ, in the mean over all."""
    total = 0.0
    for scores in _between(findings, after=after):
        total += abs(sum(score for score, _ in scores) - sum(right for _, right in scores))
    return total / len(findings)


def table(findings: Mapping[str, Sequence[Judged]]) -> str:
    """For each set and range of scores, how many findings there are and what share of them is right."""
    names = list(findings)
    lines = ["| score | " + " | ".join(f"{name}: before | after" for name in names) + " |"]
    lines.append("| --- |" + " --- | --- |" * len(names))
    rows = {
        (name, after): _between(findings[name], after=after, empty=True) for name in names for after in (False, True)
    }
    for index in reversed(range(len(EDGES) - 1)):
        low, high = EDGES[index], EDGES[index + 1]
        label = f"{low:g} and more" if high > 1 else f"below {high:g}" if low == 0 else f"{low:g} to {high:g}"
        lines.append(f"| {label} | " + " | ".join(_cell(each[index]) for each in rows.values()) + " |")
    errors = (f"{error(findings[name], after=after):.3f}" for name in names for after in (False, True))
    return "\n".join([*lines, f"| error in the mean | {' | '.join(errors)} |"])


def picture(findings: Mapping[str, Sequence[Judged]]) -> str:
    """The same as curves, as an SVG document: score to the right, share of right findings upwards."""
    panels = "".join(
        f'<g transform="translate({60 + 330 * place},40)">{_panel(name, each)}</g>'
        for place, (name, each) in enumerate(findings.items())
    )
    width = 330 * len(findings) + 40
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 370" font-family="sans-serif" font-size="12">'
        f'<title>Share of right findings by score</title><rect width="{width}" height="370" fill="#ffffff"/>'
        f"{panels}</svg>\n"
    )


def _between(findings: Sequence[Judged], *, after: bool, empty: bool = False) -> list[list[tuple[float, bool]]]:
    """Score and whether it is right, by the ranges between `EDGES`."""
    scores = [(each.after if after else each.before, each.right) for each in findings]
    ranges = [[(score, right) for score, right in scores if low <= score < high] for low, high in pairwise(EDGES)]
    return ranges if empty else [each for each in ranges if each]


def _cell(scores: Sequence[tuple[float, bool]]) -> str:
    return f"{sum(right for _, right in scores) / len(scores):.2f} of {len(scores)}" if scores else "none"


def _panel(name: str, findings: Sequence[Judged]) -> str:
    size = 260
    lines = [
        f'<text x="{size / 2}" y="-14" text-anchor="middle">{name}</text>',
        f'<rect width="{size}" height="{size}" fill="none" stroke="#8a8f98"/>',
        f'<line x1="0" y1="{size}" x2="{size}" y2="0" stroke="#c4c8ce" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.5, 1.0):
        lines.append(f'<text x="{tick * size}" y="{size + 18}" text-anchor="middle">{tick:g}</text>')
        lines.append(f'<text x="-8" y="{size - tick * size + 4}" text-anchor="end">{tick:g}</text>')
    for row, (after, colour, label) in enumerate(((False, "#a15c00", "before"), (True, "#0b5cad", "after"))):
        points = [
            (sum(score for score, _ in each) / len(each), sum(right for _, right in each) / len(each))
            for each in _between(findings, after=after)
        ]
        drawn = " ".join(f"{x * size:.1f},{size - y * size:.1f}" for x, y in points)
        lines.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines += [f'<circle cx="{x * size:.1f}" cy="{size - y * size:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        lines.append(
            f'<text x="{size - 6}" y="{size - 26 + 16 * row}" text-anchor="end" fill="{colour}">{label}</text>'
        )
    lines.append(f'<text x="{size / 2}" y="{size + 38}" text-anchor="middle">score</text>')
    return "".join(lines)


def main() -> int:
    """Print the table, and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picture", type=Path, help="the SVG file to write")
    arguments = parser.parse_args()
    raw, model = NamesModel(calibrations={}), NamesModel()
    texts = {
        "held-out set, seen half": [
            (item.text, item.spans) for language in languages() for item in items(language) if item.half is Half.SEEN
        ],
        "our held-out prompts": [(sample.text, sample.gold) for sample in prompts() if sample.held_out],
    }
    findings = {
        name: [found for text, gold in listed for found in judged(text, gold, raw, model)]
        for name, listed in texts.items()
    }
    print(table(findings))
    if arguments.picture:
        arguments.picture.write_text(picture(findings), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
