"""The table says counts and shares, and sums them up."""

from __future__ import annotations

from benchmarks.detection.scoring import Count
from benchmarks.heldout.judging import Figures
from benchmarks.heldout.report import table


def test_languages_and_their_sum() -> None:
    german = Figures(texts=4, nameless=2, nameless_alarmed=1, persons=Count(gold=4, found=3, predicted=5, right=4))
    french = Figures(
        texts=3,
        persons=Count(gold=4, found=4, predicted=5, right=5),
        addresses=Count(gold=2, found=1, predicted=1, right=1),
        public=Count(gold=3, found=2),
        lookalikes=Count(gold=6, found=1),
    )
    rows = [line.strip("| ").split(" | ") for line in table({"de": german, "fr": french}).splitlines()[2:]]
    assert rows == [
        ["de", "4", "4", "0.750", "0.800", "0 of 0", "0 of 0", "1 of 2", "0", "–"],
        ["fr", "3", "4", "1.000", "1.000", "2 of 3", "1 of 6", "0 of 0", "2", "0.500"],
        ["all", "7", "8", "0.875", "0.900", "2 of 3", "1 of 6", "1 of 2", "2", "0.500"],
    ]
