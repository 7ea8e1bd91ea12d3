from __future__ import annotations

from dataclasses import astuple

import pytest

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.model_thresholds import THRESHOLDS
from promptguard.detectors.names.span_assembly import assemble


@pytest.mark.parametrize("model", ModelKind)
def test_every_model_has_thresholds_that_are_probabilities(model: ModelKind) -> None:
    assert all(0 < each < 1 for each in astuple(THRESHOLDS[model]))


@pytest.mark.parametrize(
    ("model", "person", "location", "found"),
    [
        (ModelKind.RAMPART, 0.03, 0.0, ["PERSON"]),
        (ModelKind.COMPACT, 0.03, 0.0, []),  # where it doubts, it is oftener none
        (ModelKind.COMPACT, 0.5, 0.0, ["PERSON"]),
        (ModelKind.RAMPART, 0.0, 0.2, ["LOCATION"]),
        (ModelKind.COMPACT, 0.0, 0.1, []),
        (ModelKind.COMPACT, 0.0, 0.8, ["LOCATION"]),
    ],
)
def test_models_are_asked_for_another_certainty(
    model: ModelKind, person: float, location: float, found: list[str]
) -> None:
    word = Word(4, 9, person, location, "")
    text = "Ask Paris" if location else "Ask Jenny"
    assert [span.entity_type for span in assemble(text, [word], THRESHOLDS[model])] == found
