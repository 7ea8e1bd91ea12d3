from __future__ import annotations

import pytest

from promptguard.redaction.recall_tree import OriginalsTree


def found(text: str, *originals: str) -> list[str]:
    """What begins with the first word of a text."""
    tree = OriginalsTree()
    for number, original in enumerate(originals):
        tree.add(str(number), original)
    stop = len(text.split()[0]) if text else 0
    places = [sought.ends(text, 0, end) for sought, end in tree.begun(text, 0, stop)]
    return [text[place[0] : place[1]] for place in places if place is not None]


@pytest.mark.parametrize(
    ("text", "originals", "expected"),
    [
        ("Ana Berg", ["Ana Berg"], ["Ana Berg"]),
        ("Ana  Berg", ["Ana Berg"], ["Ana  Berg"]),
        ("Ana-Berg", ["Ana Berg"], []),
        ("Ana Bergmann", ["Ana Berg"], []),
        ("Anna Berg Lind", ["Anna", "Anna Berg", "Anna Berg Lind"], ["Anna", "Anna Berg", "Anna Berg Lind"]),
        ("12345", ["12345", "1234"], ["12345"]),
        ("Bob", ["Bob"], []),
        ("Ana", [], []),
    ],
)
def test_originals_that_begin_with_a_token(text: str, originals: list[str], expected: list[str]) -> None:
    assert found(text, *originals) == expected


@pytest.mark.parametrize(
    ("original", "word", "single"),
    [("April", "April", True), ("O'Brien", "O'Brien", True), ("12345", "", False), ("Ana Berg", "", False)],
)
def test_says_what_may_be_a_word_of_the_language(original: str, word: str, single: bool) -> None:
    tree = OriginalsTree()
    tree.add("p", original)
    node = tree.root
    while not node.ending:
        node = next(iter(node.following.values()))
    assert [(each.word, each.single) for each in node.ending] == [(word, single)]
    assert original not in repr(node.ending)
