"""Samples handed over from the process that draws them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tools.names.encoding import encode
from tools.names.recipe import stages
from tools.names.samples import Sample

from tools.names import drawings

SAMPLES = [Sample("Jane Roe, «Zoë»\nMain Street 5", ((0, 8, "PERSON"), (16, 29, "LOCATION"))), Sample("nothing")]


class FewTexts:
    """Draws the same samples for any stage."""

    held_back = (("some.jsonl.gz", SAMPLES[1]),)

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def drawing(self, **arguments: Any) -> list[Sample]:
        self.asked.append(arguments)
        return SAMPLES


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> FewTexts:
    few = FewTexts()
    monkeypatch.setattr(drawings, "_texts", [few])
    return few


def test_what_is_made_is_what_is_loaded(texts: FewTexts, tmp_path: Path) -> None:
    stage = stages()[0]
    file = drawings.make(stage, tmp_path)
    encoded, known, unknown = drawings.load(file)
    expected = encode(SAMPLES)
    assert encoded.words == expected.words
    for name in ("types", "gaps", "classes", "starts"):
        assert np.array_equal(getattr(encoded, name), getattr(expected, name)), name
    assert len(known.starts) == len(unknown.starts) == len(encoded.words) + 1
    assert texts.asked[0]["seed"] == stage.seed
    assert texts.asked[0]["share"] == stage.share
    assert texts.asked[0]["sentences"] == stage.sentences


def test_what_was_made_is_not_made_again(texts: FewTexts, tmp_path: Path) -> None:
    assert drawings.make(stages()[0], tmp_path) == drawings.make(stages()[0], tmp_path)
    assert len(texts.asked) == 1


def test_held_back_texts_are_handed_over(texts: FewTexts) -> None:
    assert drawings.held_back() == [SAMPLES[1]]
