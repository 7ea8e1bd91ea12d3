"""Scores as probabilities."""

from __future__ import annotations

import pytest

from promptguard.detectors.names.calibration import Calibration, calibrated, calibrations_of
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import NamesModel
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

LINE = Calibration([(0.2, 0.1), (0.6, 0.5), (0.9, 0.95)])


@pytest.mark.parametrize(
    ("score", "share"), [(0.0, 0.1), (0.2, 0.1), (0.4, 0.3), (0.6, 0.5), (0.75, 0.725), (0.9, 0.95), (1.0, 0.95)]
)
def test_between_points_lies_a_line(score: float, share: float) -> None:
    assert LINE(score) == pytest.approx(share)


def test_spans_keep_all_but_their_scores() -> None:
    spans = [Span(0, 4, PERSON, 0.4, "some"), Span(6, 9, LOCATION, 0.4, "some")]
    assert calibrated(spans, {PERSON: LINE}) == [Span(0, 4, PERSON, 0.3, "some"), spans[1]]


@pytest.mark.parametrize("entity_type", [PERSON, LOCATION])
def test_the_shipped_lines_rise_between_nothing_and_one(entity_type: str) -> None:
    line = calibrations_of(ModelKind.COMPACT)[entity_type]
    shares = [line(step / 1000) for step in range(1001)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_scores_of_rampart_stay() -> None:
    assert calibrations_of(ModelKind.RAMPART) == {}


def test_a_model_says_calibrated_scores() -> None:
    text = "My name is Thomas Müller and I need a new password."
    (raw,) = NamesModel(calibrations={}).find(text)
    (found,) = NamesModel().find(text)
    assert (found.start, found.end, found.entity_type) == (raw.start, raw.end, raw.entity_type)
    assert found.score == round(calibrations_of(ModelKind.COMPACT)[PERSON](raw.score), 3)
