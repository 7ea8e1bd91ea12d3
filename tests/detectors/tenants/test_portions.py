import pytest

from promptguard.detectors.tenants.portions import PIECE, SMALL, pieces, together


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("ann lee", ["ann lee"]),
        ("x" * PIECE + " y", ["x" * PIECE, " y"]),
        ("x" * (PIECE - 2) + " yy", ["x" * (PIECE - 2), " yy"]),
        ("x" * (PIECE - 2) + "\nyy", ["x" * (PIECE - 2), "\nyy"]),
    ],
)
def test_pieces_follow_each_other_and_end_between_words(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in pieces(text)] == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], []),
        (["", ""], []),
        (["ann", "", "lee"], [[0, 2]]),
        (["ann", "é", "lee"], [[1], [0, 2]]),
        (["ann", "x" * (SMALL + 1), "lee"], [[1], [0, 2]]),
        (["x" * SMALL] * 9, [list(range(7)), [7, 8]]),
    ],
)
def test_small_texts_go_together(texts: list[str], expected: list[list[int]]) -> None:
    assert list(together(texts)) == expected
