import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.overlaps import STRICTNESS, merge
from promptguard.model import DataClass, Match

PERSONAL, SECRET, TENANT = DataClass.PERSONAL_DATA, DataClass.CREDENTIALS, DataClass.TENANT_DATA


def match(
    start: int, end: int, kind: str = "A", score: float = 0.5, data_class: DataClass = PERSONAL, subject: str = ""
) -> Match:
    return Match(start, end, kind, score, f"detector of {kind}", data_class, subject)


def spans(matches: list[Match]) -> list[tuple[int, int, str]]:
    return [(found.start, found.end, found.entity_type) for found in matches]


@pytest.mark.parametrize(
    ("matches", "merged"),
    [
        ([], []),
        ([match(5, 9), match(0, 4, "B")], [(0, 4, "B"), (5, 9, "A")]),
        ([match(0, 4), match(4, 8)], [(0, 4, "A"), (4, 8, "A")]),
        # Of one type: one over all.
        ([match(0, 6), match(4, 9)], [(0, 9, "A")]),
        ([match(0, 6), match(4, 9), match(8, 12)], [(0, 12, "A")]),
        ([match(0, 6), match(4, 9, subject="x")], [(0, 6, "A"), (6, 9, "A")]),
        # The stricter class wins, then the surer, then the longer.
        ([match(0, 6, "A", 0.9), match(0, 6, "B", 0.5)], [(0, 6, "A")]),
        ([match(0, 6, "A", 0.5), match(2, 6, "B", 0.5)], [(0, 6, "A")]),
        ([match(0, 6, "A", 0.5), match(0, 6, "B", 0.5, TENANT)], [(0, 6, "B")]),
        # What the winner leaves uncovered stays.
        ([match(0, 6, "A", 0.5), match(4, 9, "B", 0.9)], [(0, 4, "A"), (4, 9, "B")]),
        ([match(0, 20, "A", 0.5), match(4, 9, "B", 0.9)], [(0, 4, "A"), (4, 9, "B"), (9, 20, "A")]),
        # Within something stricter, it is part of that.
        ([match(0, 20, "A", 0.5, SECRET), match(4, 9, "B", 0.9)], [(0, 20, "A")]),
        ([match(0, 20, "A", 0.5, SECRET), match(0, 20, "B", 0.9)], [(0, 20, "A")]),
        ([match(0, 20, "A", 0.5), match(4, 9, "B", 0.4, SECRET)], [(0, 4, "A"), (4, 9, "B"), (9, 20, "A")]),
        # What stands in source code stays, as the code itself may be let through.
        ([match(0, 20, "A", 1.0, DataClass.SOURCE_CODE), match(4, 9, "B")], [(0, 4, "A"), (4, 9, "B"), (9, 20, "A")]),
    ],
)
def test_merge(matches: list[Match], merged: list[tuple[int, int, str]]) -> None:
    assert spans(merge(matches)) == merged
    assert spans(merge(matches[::-1])) == merged


def test_one_type_keeps_the_surest_score_and_detector() -> None:
    (found,) = merge([match(0, 6, score=0.4), Match(3, 9, "A", 0.8, "other", PERSONAL)])
    assert (found.start, found.end, found.score, found.detector) == (0, 9, 0.8, "other")


def test_remainders_are_trimmed() -> None:
    text = "12 Elm St, 10.1.2.3 - "
    found = merge([match(0, len(text), "LOCATION", 0.5), match(11, 19, "IP", 0.9)], text)
    assert [text[one.start : one.end] for one in found] == ["12 Elm St", "10.1.2.3"]


def test_what_is_left_of_an_address_without_its_sign_is_a_machines_name() -> None:
    text = "amqp://worker:" + "Vq7" + "xk2@mq.example:5671"
    secret, address = text.index("Vq7"), text.index("xk2")
    found = merge(
        [match(secret, text.index("@"), "PASSWORD", 0.8, SECRET), match(address, text.index(":5671"), "EMAIL_ADDRESS")],
        text,
    )
    assert [one.entity_type for one in found] == ["PASSWORD"]


def test_every_class_has_its_rank() -> None:
    assert set(STRICTNESS) == set(DataClass)
    assert max(STRICTNESS, key=lambda data_class: STRICTNESS[data_class]) is SECRET


MATCHES = st.builds(
    lambda start, length, kind, score, data_class: match(start, start + length, kind, score, data_class),
    st.integers(0, 30),
    st.integers(1, 12),
    st.sampled_from("ABC"),
    st.sampled_from([0.4, 0.7, 1.0]),
    st.sampled_from([PERSONAL, SECRET, TENANT]),
)


@given(st.lists(MATCHES, max_size=10))
def test_nothing_overlaps_and_nothing_is_lost(matches: list[Match]) -> None:
    merged = merge(matches)
    covered = [position for found in merged for position in range(found.start, found.end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {position for found in matches for position in range(found.start, found.end)}
    assert merged == sorted(merged, key=lambda found: found.start)
