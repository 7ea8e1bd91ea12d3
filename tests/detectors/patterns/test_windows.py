import random

import pytest

from promptguard.detectors.patterns.windows import MARGIN, MAX_LENGTH, WHOLE, Window, pieces, windows


def test_short_texts_are_whole() -> None:
    assert windows("a" * WHOLE, [(3, 5)]) == [Window(0, WHOLE, 0, WHOLE)]


def test_a_window_is_cut_at_white_space() -> None:
    text = "word " * 1000
    (window,) = windows(text, [(2500, 2510)])
    assert (window.core_start, window.core_end) == (2500, 2510)
    assert text[window.start] == " "
    assert text[window.end - 1] == " "
    assert 2500 - window.start <= 2 * MARGIN
    assert window.end - 2510 <= 2 * MARGIN


def test_a_window_begins_and_ends_with_a_line() -> None:
    text = ("x" * 39 + "\n") * 100
    (window,) = windows(text, [(2000, 2005)])
    assert text[window.start - 1] == "\n"
    assert text[window.end] == "\n"


def test_a_text_without_white_space_is_cut_anyway() -> None:
    (window,) = windows("x" * 5000, [(2500, 2510)])
    assert window == Window(2500 - MARGIN, 2510 + MARGIN, 2500, 2510)


def test_hits_reach_out_of_the_text() -> None:
    (window,) = windows("x" * 2000, [(-50, 2100)])
    assert window == Window(0, 2000, 0, 2000)


def test_near_hits_share_a_window() -> None:
    text = "word " * 1000
    assert len(windows(text, [(1000, 1010), (1100, 1110)])) == 1
    assert len(windows(text, [(1000, 1010), (2000, 2010)])) == 2


@pytest.mark.parametrize("seed", range(5))
def test_every_hit_is_in_one_window_and_windows_stay_short(seed: int) -> None:
    source = random.Random(seed)
    text = "".join(source.choice("ab \n") for _ in range(50_000))
    hits = [(start, start + source.randrange(1, 60)) for start in source.choices(range(50_000), k=3000)]
    found = windows(text, hits)
    for start, end in hits:
        assert any(w.core_start <= start and min(end, len(text)) <= w.core_end for w in found)
    assert all(window.end - window.start <= MAX_LENGTH + 8 * MARGIN for window in found)
    assert sum(window.end - window.start for window in found) < 2 * len(text)


def test_no_hits_no_windows() -> None:
    assert windows("text", []) == []
    assert windows("text" * WHOLE, []) == []


@pytest.mark.parametrize("length", [0, 10, WHOLE, WHOLE + 1, 50_000])
def test_pieces_cover_everything(length: int) -> None:
    text = "word " * (length // 5) + "x" * (length % 5)
    covered = set()
    for piece in pieces(text, overlap=512):
        covered |= set(range(piece.core_start, piece.core_end))
    assert covered == set(range(length))
