"""The metric, on cases small enough to count by hand."""

import pytest

from benchmarks.detection.sample import Gold, Sample
from benchmarks.detection.scoring import (
    errors,
    half_covered,
    merged,
    overlap,
    score_clean,
    score_evasions,
    score_labelled,
    score_lookalikes,
    score_secrets,
)

TEXT = "x" * 100


def sample(*gold: Gold, public: tuple[Gold, ...] = (), group: str = "g") -> Sample:
    return Sample("s", TEXT, gold, public, group=group)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(4, 6), (0, 2)], [(0, 2), (4, 6)]),
        ([(0, 2), (2, 4)], [(0, 4)]),
        ([(0, 9), (2, 4)], [(0, 9)]),
    ],
)
def test_spans_that_touch_become_one(spans: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert merged(spans) == expected


@pytest.mark.parametrize(
    ("span", "others", "characters", "half"),
    [
        ((0, 10), [], 0, False),
        ((0, 10), [(0, 4)], 4, False),
        ((0, 10), [(0, 5)], 5, True),
        ((0, 10), [(0, 2), (7, 20)], 5, True),
        ((5, 6), [(0, 5), (6, 9)], 0, False),
    ],
)
def test_half_of_a_span_is_enough(
    span: tuple[int, int], others: list[tuple[int, int]], characters: int, half: bool
) -> None:
    assert overlap(span, others) == characters
    assert half_covered(span, others) is half


def test_recall_and_precision_ask_for_the_same_type() -> None:
    samples = [sample(Gold(0, 10, "PERSON"), Gold(20, 30, "PERSON"), Gold(40, 50, "EMAIL"))]
    figures = score_labelled(samples, [[Gold(0, 6, "PERSON"), Gold(20, 30, "LOCATION"), Gold(40, 50, "EMAIL")]])
    assert figures.types["PERSON"].recall == 0.5
    assert figures.types["PERSON"].precision == 1.0
    assert figures.types["LOCATION"].precision == 0.0
    assert figures.core.gold == 3
    assert figures.core.recall == pytest.approx(2 / 3)
    assert figures.core.precision == pytest.approx(2 / 3)
    assert figures.core.f2 == pytest.approx(2 / 3)


def test_f2_weighs_recall_four_times() -> None:
    gold = [sample(Gold(0, 10, "PERSON"))]
    noisy = score_labelled(gold, [[Gold(0, 10, "PERSON"), Gold(50, 60, "PERSON")]]).core
    assert (noisy.recall, noisy.precision) == (1.0, 0.5)
    assert noisy.f2 == pytest.approx(5 * 0.5 / (4 * 0.5 + 1))


def test_leaked_is_what_no_finding_of_any_type_covers() -> None:
    samples = [sample(Gold(0, 10, "PERSON"), Gold(20, 30, "PHONE"), Gold(50, 60, "ORGANIZATION"))]
    figures = score_labelled(samples, [[Gold(0, 5, "SECRET"), Gold(20, 30, "PHONE")]])
    assert figures.leaked == 0.25, "an organisation is no core type"


def test_secrets_are_found_by_findings_of_secrets_and_counted_apart_by_any() -> None:
    samples = [sample(Gold(0, 10, "SECRET"), Gold(20, 30, "SECRET"), Gold(40, 50, "SECRET"))]
    figures = score_secrets(samples, [[Gold(0, 10, "SECRET"), Gold(20, 30, "PHONE")]])
    assert figures["recall"] == pytest.approx(1 / 3)
    assert figures["recall_any_type"] == pytest.approx(2 / 3)


def test_lookalikes_count_texts_with_findings_of_secrets_only() -> None:
    found = [[Gold(0, 4, "SECRET"), Gold(5, 9, "SECRET")], [Gold(0, 4, "PERSON")], [], []]
    assert score_lookalikes([sample()] * 4, found)["alarmed"] == 0.25


def test_evasions_are_broken_down_and_the_undisguised_are_left_out_of_all() -> None:
    samples = [
        Sample(f"{group}/card/{copy}", TEXT, (Gold(0, 10, "CREDIT_CARD"),), group=group)
        for copy, group in enumerate(("hex", "hex", "none"))
    ]
    figures = score_evasions(
        samples, [[Gold(0, 10, "CREDIT_CARD")], [Gold(0, 10, "PHONE")], [Gold(0, 10, "CREDIT_CARD")]]
    )
    assert {name: each["recall"] for name, each in figures.items()} == {
        "hex": 0.5, "hex / card": 0.5, "none": 1.0, "none / card": 1.0, "all": 0.5,
    }  # fmt: skip


def test_alarms_on_what_everybody_knows_are_counted_apart() -> None:
    samples = [sample(public=(Gold(0, 10, "PERSON"),)), sample()]
    figures = score_clean(samples, [[Gold(0, 10, "PERSON"), Gold(30, 40, "PERSON")], [Gold(0, 9, "DATE_OF_BIRTH")]])
    assert figures["core_per_1000_texts"] == 500
    assert figures["public_per_1000_texts"] == 500
    assert figures["flagged_per_1000_texts"] == 500
    assert figures["core_per_100_kb"] == 500
    assert figures["types"] == {"PERSON": 2, "DATE_OF_BIRTH": 1}


def test_errors_tell_missed_mistyped_and_alarms_apart() -> None:
    text = sample(Gold(0, 10, "PERSON"), Gold(20, 30, "PHONE"), public=(Gold(70, 80, "PERSON"),))
    found = [Gold(20, 30, "SSN"), Gold(50, 60, "LOCATION"), Gold(70, 80, "PERSON")]
    assert [(kind, span.start) for kind, span in errors(text, found)] == [
        ("missed", 0),
        ("mistyped", 20),
        ("alarm", 50),
    ]
