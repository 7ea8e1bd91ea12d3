import pytest

from promptguard.detectors.stems import lowered, occurrences, regions, words_of


@pytest.mark.parametrize("text", ["ABC", "İSTANBUL PASSWORD", "Straße", "\ud800X", ""])
def test_lower_case_of_the_same_length(text: str) -> None:
    assert len(lowered(text)) == len(text)
    assert "password" in lowered(text) or "PASSWORD" not in text


def test_occurrences_are_in_the_order_of_the_text() -> None:
    assert occurrences("key, pass, key", ("pass", "key", "token")) == [(0, 3), (5, 9), (11, 14)]
    assert occurrences("aaaa", ("aa",)) == [(0, 2), (2, 4)]


def test_regions_that_touch_are_one() -> None:
    assert regions([(3, 4), (10, 12), (30, 31)], before=5, after=5) == [(0, 17), (25, 36)]
    assert regions([], 1, 1) == []


def test_words_of() -> None:
    assert words_of("a b\nc") == ("a", "b", "c")
