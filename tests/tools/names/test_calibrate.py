"""Shares of right findings by score, and what counts as right."""

from __future__ import annotations

import random

import pytest
from tools.names.calibrate import judged, points
from tools.names.samples import Sample

from promptguard.detectors.names.network.judge import NamesNetwork


def test_points_rise_and_tell_the_share_that_is_right() -> None:
    chance = random.Random(3)
    findings = [(score, chance.random() < score**2) for score in (chance.random() for _ in range(4_000))]
    found = points(findings)
    assert len(found) > 5
    assert [score for score, _ in found] == sorted({score for score, _ in found})
    assert [share for _, share in found] == sorted({share for _, share in found})
    for score, share in found:
        assert share == pytest.approx(score**2, abs=0.12)


@pytest.mark.parametrize("right", [True, False])
def test_nothing_is_certain(right: bool) -> None:
    ((_, share),) = points([(0.9, right)] * 50)
    assert share == pytest.approx(51 / 52 if right else 1 / 52, abs=1e-4)


@pytest.fixture(scope="module")
def network() -> NamesNetwork:
    return NamesNetwork()


@pytest.mark.parametrize(
    ("label", "expected"), [("PERSON", [True]), ("LOCATION", [False]), (None, [False]), ("DOUBT", [])]
)
def test_a_finding_is_right_where_the_label_says_so(
    network: NamesNetwork, label: str | None, expected: list[bool]
) -> None:
    text = "My name is Thomas Müller and I need a new password."
    labels = ((11, 24, label),) if label else ()
    found = list(judged(network, Sample(text, labels), places=False))
    assert [right for _, _, right in found] == expected
    assert all(entity_type == "PERSON" and 0 < score <= 1 for entity_type, score, _ in found)
