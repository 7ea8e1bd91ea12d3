from __future__ import annotations

import itertools

import pytest

from promptguard.detectors.names.rampart import Rampart, plan_windows


@pytest.fixture(scope="module")
def model() -> Rampart:
    return Rampart()


def test_words_are_judged_where_they_stand(model: Rampart) -> None:
    text = "😀 My name is Zoë Roe and I live in Springfield, Illinois."
    words = {text[word.start : word.end]: word for word in model.words(text)}
    assert words["Zoë"].label == "GIVEN_NAME"
    assert words["Zoë"].person > 0.9 > 0.1 > words["name"].person
    assert words["Roe"].label == "SURNAME"
    assert words["Springfield"].label == "CITY"
    assert words["Springfield"].location > 0.9 > 0.1 > words["live"].location


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "x" * 5_000, "한국 " * 600])
def test_odd_texts_are_judged_too(model: Rampart, text: str) -> None:
    assert all(0 <= word.start < word.end <= len(text) for word in model.words(text))


def test_a_name_is_found_wherever_the_windows_are_cut(model: Rampart) -> None:
    for before in range(75, 105, 3):
        text = "word " * before + "and my name is Jane Roe, " + "word " * 150
        found = [text[word.start : word.end] for word in model.words(text) if word.person > 0.5]
        assert found == ["Jane", "Roe"], before


def test_windows_cover_all_tokens_and_end_at_sentences() -> None:
    text = ("aa bb cc dd ee. " * 40).strip()
    offsets = []
    at = 0
    for part in text.split():
        offsets.append((at, at + len(part)))
        at += len(part) + 1
    words = list(range(len(offsets)))
    windows = plan_windows(text, offsets, words, size=24, overlap=4)
    assert windows[0][0] == 0
    assert windows[-1][1] == len(words)
    for (start, end), (following, _) in itertools.pairwise(windows):
        assert end - start <= 24
        assert start < following < end
        assert end % 5 == 0
        assert following % 5 == 0


def test_paragraphs_are_seen_by_themselves_unless_they_are_short() -> None:
    text = "Dear a,\n\n" + "b " * 20 + "\n\n" + "c " * 20 + "\n\nd"
    offsets = [(index, index + 1) for index, character in enumerate(text) if not character.isspace()]
    windows = plan_windows(text, offsets, list(range(len(offsets))))
    shown = ["".join(sorted({text[offsets[index][0]] for index in range(*window)})) for window in windows]
    assert shown == [",Daber", "c", "d"]


def test_windows_do_not_begin_within_a_word() -> None:
    offsets = [(index, index + 1) for index in range(100)]
    words = [index // 3 for index in range(100)]
    for start, _ in plan_windows("x" * 100, offsets, words, size=24, overlap=4):
        assert start % 3 == 0
