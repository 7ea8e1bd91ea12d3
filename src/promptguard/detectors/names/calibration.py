"""From how sure a model is to how often it is right: the scores of findings as probabilities."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.spans import Span

_TABLE: Final = Path(__file__).with_name("calibration.tsv")
"""Written by `tools/names/calibrate.py`: entity type, score of the compact model, share of right findings."""


class Calibration:
    """A line through points, flat before the first and after the last."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        """`points` are a model's score and a probability each, both from 0 to 1 and rising."""
        self._scores = [score for score, _ in points]
        self._shares = [share for _, share in points]

    def __call__(self, score: float) -> float:
        """The probability that a finding with this score is right."""
        after = bisect_right(self._scores, score)
        if after in (0, len(self._scores)):
            return self._shares[min(after, len(self._shares) - 1)]
        before = after - 1
        part = (score - self._scores[before]) / (self._scores[after] - self._scores[before])
        return self._shares[before] + part * (self._shares[after] - self._shares[before])


type Calibrations = Mapping[str, Calibration]
"""By entity type. A type that is missing keeps its scores."""


@cache
def calibrations_of(model: ModelKind) -> Calibrations:
    """Those of a model: Rampart's scores stay as they are."""
    if model is not ModelKind.COMPACT:
        return {}
    points: dict[str, list[tuple[float, float]]] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        entity_type, score, share = line.split("\t")
        points.setdefault(entity_type, []).append((float(score), float(share)))
    return {entity_type: Calibration(listed) for entity_type, listed in points.items()}


def calibrated(spans: Sequence[Span], calibrations: Calibrations) -> list[Span]:
    """The spans with scores that say how often such a finding is right. Their order stays: the lines only rise."""
    return [
        replace(span, score=round(calibrations[span.entity_type](span.score), 3))
        if span.entity_type in calibrations
        else span
        for span in spans
    ]
