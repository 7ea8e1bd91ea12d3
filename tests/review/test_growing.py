import itertools

import pytest

from promptguard.review.growing import FIRST, growing


@pytest.mark.parametrize(
    ("count", "most", "sizes"),
    [
        (0, 100, []),
        (1, 100, [1]),
        (FIRST, 100, [FIRST]),
        (FIRST * 8, 100, [FIRST, 2 * FIRST, 100, FIRST]),
        (5, 2, [2, 2, 1]),
    ],
)
def test_ever_more_come_together(count: int, most: int, sizes: list[int]) -> None:
    found = list(growing(range(count), most))
    assert [len(each) for each in found] == sizes
    assert list(itertools.chain(*found)) == list(range(count))


def test_nothing_is_taken_before_it_is_asked_for() -> None:
    things = itertools.count()
    next(growing(things, 100))
    assert next(things) == FIRST
