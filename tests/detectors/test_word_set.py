from __future__ import annotations

from collections.abc import Iterable

import pytest

from promptguard.detectors.names.lexicon import lexicon, read_words
from promptguard.detectors.word_set import WordSet


class Colliding(str):
    """Words that all want one place of the table."""

    __slots__ = ()

    def __hash__(self) -> int:
        return len(self) << 40


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ([], ["", "a"]),
        (["a"], ["", "b", "A"]),
        (["a", "a", "b"], ["c"]),
        (["", "zé", "Ω", "\ud800"], ["z", "ze"]),
        ((str(number) for number in range(1_000)), ["1000", "-1", "01"]),
        ([Colliding("a" * length) for length in range(50)], [Colliding("a" * 50), Colliding("a" * 99)]),
    ],
)
def test_words_of_a_list_are_in_it_and_others_are_not(words: Iterable[str], others: list[str]) -> None:
    listed = list(words)
    made = WordSet(listed)
    assert [word for word in listed if word not in made] == []
    assert [word for word in others if word in made] == []


@pytest.mark.parametrize("name", ["given_names", "surnames", "common_words", "namesakes"])
def test_it_says_what_a_set_of_the_same_words_says(name: str) -> None:
    words, every = read_words(name), read_words("common_words") | read_words("surnames")
    made = getattr(lexicon(), name)
    assert {word for word in every if word in made} == words & every
