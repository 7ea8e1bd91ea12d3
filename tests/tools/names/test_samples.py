from __future__ import annotations

import re

import pytest
from tools.names.samples import Sample, joined, part, replaced, substituted

SAMPLE = Sample("Ask Jane Roe in Springfield.", ((4, 12, "PERSON"), (16, 27, "LOCATION")))


def written(sample: Sample) -> list[str]:
    return [sample.text[start:end] for start, end, _ in sample.labels]


@pytest.mark.parametrize(
    ("changes", "text", "labelled"),
    [
        ([], "Ask Jane Roe in Springfield.", ["Jane Roe", "Springfield"]),
        ([(4, 12, "Bo")], "Ask Bo in Springfield.", ["Bo", "Springfield"]),
        ([(4, 12, "Anneliese Vogt"), (16, 27, "Ulm")], "Ask Anneliese Vogt in Ulm.", ["Anneliese Vogt", "Ulm"]),
        ([(0, 3, "Tell")], "Tell Jane Roe in Springfield.", ["Jane Roe", "Springfield"]),
        ([(8, 9, "")], "Ask JaneRoe in Springfield.", ["JaneRoe", "Springfield"]),
        ([(4, 4, "> "), (16, 16, "> ")], "Ask > Jane Roe in > Springfield.", ["Jane Roe", "Springfield"]),
        ([(12, 12, "!")], "Ask Jane Roe! in Springfield.", ["Jane Roe", "Springfield"]),
    ],
)
def test_labels_follow_the_text(changes: list[tuple[int, int, str]], text: str, labelled: list[str]) -> None:
    changed = replaced(SAMPLE, changes)
    assert changed.text == text
    assert written(changed) == labelled


def test_patterns_are_exchanged() -> None:
    changed = substituted(SAMPLE, re.compile(" in "), " of ")
    assert (changed.text, written(changed)) == ("Ask Jane Roe of Springfield.", ["Jane Roe", "Springfield"])


def test_samples_are_put_together_and_cut() -> None:
    both = joined([SAMPLE, SAMPLE], "\n")
    assert written(both) == ["Jane Roe", "Springfield"] * 2
    cut = part(both, 9, 35)
    assert (cut.text, written(cut)) == ("Roe in Springfield.\nAsk Ja", ["Roe", "Springfield", "Ja"])
