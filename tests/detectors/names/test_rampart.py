from __future__ import annotations

import pytest

from promptguard.detectors.names.rampart import Rampart


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
