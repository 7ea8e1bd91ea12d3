from __future__ import annotations

import pytest

from promptguard.detectors.names.network.features import (
    FORM_ROWS,
    ROWS,
    Lists,
    is_unread,
    shipped_lists,
    word_features,
)

NO_LISTS = Lists(*[frozenset[str]()] * 6)


@pytest.mark.parametrize("word", ["Jane", "x", "12", "O", "@", "ß", "İstanbul", "Zoë", "y" * 500, "한국", "е́ж", "🙂"])
def test_every_word_has_rows_of_the_table(word: str) -> None:
    for known in (True, False):
        rows = word_features(word, shipped_lists(), known=known)
        assert rows
        assert all(0 <= row < ROWS for row in rows)


def test_what_nobody_has_seen_has_no_form_and_stands_in_no_list() -> None:
    lists = shipped_lists()
    assert any(row < FORM_ROWS for row in word_features("Jane", lists))
    unseen = word_features("Jane", lists, known=False)
    assert not any(row < FORM_ROWS for row in unseen)
    assert set(unseen) < set(word_features("Jane", NO_LISTS))


@pytest.mark.parametrize(("one", "other"), [("Jane", "jane"), ("JANE", "Jane"), ("12", "123"), ("Jane", "Janet")])
def test_words_that_are_written_otherwise_have_other_rows(one: str, other: str) -> None:
    assert word_features(one, NO_LISTS) != word_features(other, NO_LISTS)


def test_lists_make_a_difference() -> None:
    named = Lists(frozenset({"jane"}), *[frozenset[str]()] * 5)
    assert len(set(word_features("Jane", named)) ^ set(word_features("Jane", NO_LISTS))) == 2


@pytest.mark.parametrize(
    ("word", "unread"), [("Łódź", False), ("Иван", True), ("a1б", True), ("Ελένη", False), ("9", False)]
)
def test_scripts_that_are_not_read_are_told_apart(word: str, unread: bool) -> None:
    assert is_unread(word) is unread
    if unread:
        assert word_features(word, NO_LISTS) == word_features("漢", NO_LISTS)
