"""The metric, on cases small enough to count by hand."""

from __future__ import annotations

import pytest

from benchmarks.detection.sample import Gold
from benchmarks.heldout.judging import errors, judge
from benchmarks.heldout.texts import Item, Label


def item(*spans: tuple[int, int, Label]) -> Item:
    return Item("xx-1", "s", "x" * 100, tuple(Gold(*span) for span in spans))


PERSON = item((10, 20, Label.PERSON))
PUBLIC = item((10, 20, Label.PUBLIC_PERSON))
SHIP = item((10, 20, Label.NO_PERSON))
NOTHING = item()


@pytest.mark.parametrize(
    ("text", "found", "gold", "hit", "predicted", "right", "kinds"),
    [
        (PERSON, [(10, 20)], 1, 1, 1, 1, []),
        (PERSON, [(10, 15)], 1, 1, 1, 1, []),
        (PERSON, [(10, 14)], 1, 0, 1, 1, ["missed"]),
        (PERSON, [(10, 14), (16, 20)], 1, 1, 2, 2, []),
        (PERSON, [(0, 14)], 1, 0, 1, 0, ["missed", "alarm"]),
        (PERSON, [], 1, 0, 0, 0, ["missed"]),
        (PUBLIC, [(10, 20)], 0, 0, 0, 0, []),
        (SHIP, [(10, 20)], 0, 0, 1, 0, ["alarm"]),
        (NOTHING, [(40, 50)], 0, 0, 1, 0, ["alarm"]),
    ],
)
def test_persons(
    text: Item, found: list[tuple[int, int]], gold: int, hit: int, predicted: int, right: int, kinds: list[str]
) -> None:
    findings = [Gold(*span, "PERSON") for span in found]
    persons = judge([text], [findings]).persons
    assert (persons.gold, persons.found, persons.predicted, persons.right) == (gold, hit, predicted, right)
    assert [kind for kind, _ in errors(text, findings)] == kinds


def test_what_else_is_counted() -> None:
    town = item((30, 40, Label.TOWN), (50, 60, Label.LOCATION))
    place = [Gold(30, 40, "LOCATION"), Gold(50, 60, "LOCATION"), Gold(70, 80, "LOCATION")]
    found = [[Gold(10, 20, "PERSON")], [Gold(10, 20, "PERSON")], [Gold(10, 20, "PERSON")], place]
    figures = judge([PUBLIC, SHIP, NOTHING, town], found)
    assert (figures.public.gold, figures.public.found) == (1, 1)
    assert (figures.lookalikes.gold, figures.lookalikes.found) == (1, 1)
    assert (figures.texts, figures.nameless, figures.nameless_alarmed) == (4, 3, 2)
    assert (figures.addresses.gold, figures.addresses.found) == (1, 1)
    assert (figures.addresses.predicted, figures.addresses.right) == (2, 1)


def test_figures_add_up() -> None:
    once, twice = judge([PERSON], [[]]), judge([PERSON], [[]])
    twice += once
    assert twice.persons.gold == 2
    assert twice.as_json() == judge([PERSON, PERSON], [[], []]).as_json()
