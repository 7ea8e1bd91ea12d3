"""How often the findings of the compact model are right, by their score, on texts that no training saw: those of the
sources that are held back, and our own prompts except those that are held out of all tuning.

    python -m tools.names.calibrate FOLDER [FOLDER ...]

Writes the table by which the scores of findings are made probabilities (isotonic regression; Zadrozny & Elkan 2002,
Transforming Classifier Scores into Accurate Multiclass Probability Estimates).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import isotonic_regression
from tools.names.data import Texts
from tools.names.samples import DOUBT, LOCATION, PERSON, Sample
from tools.names.sources import sources

from benchmarks.detection.corpus import prompts
from promptguard.detectors.names.chunks import chunks, without_surrogates
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.model_thresholds import THRESHOLDS
from promptguard.detectors.names.network.judge import NamesNetwork
from promptguard.detectors.names.prose_segmentation import prose_spans
from promptguard.detectors.names.span_assembly import assemble

TABLE: Final = Path(__file__).parents[2] / "src/promptguard/detectors/names/calibration.tsv"
_LEAST: Final = 40
"""Findings that one point stands for; of fewer, a share says little."""

type Judged = tuple[str, float, bool]
"""Of a finding its entity type, its score, and whether it is right."""


def judged(model: NamesNetwork, sample: Sample, *, places: bool) -> Iterator[Judged]:
    """The findings in a sample; of those that lie where the labels are in doubt nothing is said.

    `places` says whether the sample's places are labelled as addresses.
    """
    text = without_surrogates(sample.text)
    for chunk in chunks(text, prose_spans(text)):
        for span in assemble(chunk.text, model.words(chunk.text), THRESHOLDS[ModelKind.COMPACT]):
            if span.entity_type == LOCATION and not places:
                continue
            for start, end in chunk.locate(span.start, span.end):
                if not _covered(sample, start, end, DOUBT):
                    yield (
                        span.entity_type,
                        span.score,
                        _covered(sample, start, end, span.entity_type) * 2 >= end - start,
                    )


def _covered(sample: Sample, start: int, end: int, label: str) -> int:
    """Characters of a range with this label."""
    return sum(max(0, min(end, high) - max(start, low)) for low, high, each in sample.labels if each == label)


def points(findings: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Score and share of right findings, both rising, each point standing for `_LEAST` findings or more."""
    listed = sorted(findings)
    scores = np.array([score for score, _ in listed])
    right = np.array([float(is_right) for _, is_right in listed])
    groups = np.array_split(np.arange(len(listed)), max(1, len(listed) // _LEAST))
    shares = isotonic_regression(
        [right[group].mean() for group in groups], weights=[float(len(group)) for group in groups]
    ).x
    result: list[tuple[float, float]] = []
    for share in dict.fromkeys(shares.tolist()):
        of_share = np.concatenate([group for group, each in zip(groups, shares, strict=True) if each == share])
        score = float(scores[of_share].mean())
        # Laplace's rule of succession: nothing is certain after a few hundred findings.
        probability = (right[of_share].sum() + 1) / (len(of_share) + 2)
        if not result or (score > result[-1][0] and probability > result[-1][1]):
            result.append((round(score, 4), round(float(probability), 4)))
    return result


def main(arguments: list[str] | None = None) -> int:
    """Write the table, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tools.names.calibrate", description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+", help="folders with the files that sources.toml lists")
    folders = parser.parse_args(arguments).sources
    by_file = {source.file: source for source in sources()}
    texts = [(sample, by_file[file].places) for file, sample in Texts(folders).held_back if by_file[file].labels]
    texts += [
        (Sample(prompt.text, tuple((gold.start, gold.end, gold.label) for gold in prompt.gold)), True)
        for prompt in prompts()
        if not prompt.held_out
    ]
    model = NamesNetwork()
    found = [finding for sample, places in texts for finding in judged(model, sample, places=places)]
    lines = [
        f"{entity_type}\t{score}\t{share}\n"
        for entity_type in (PERSON, LOCATION)
        for score, share in points([(score, right) for each, score, right in found if each == entity_type])
    ]
    TABLE.write_text("".join(lines), "utf-8")
    print(f"{len(found)} findings\n{''.join(lines)}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
