from __future__ import annotations

import itertools

import numpy as np
import pytest

from promptguard.detectors.names.network.judge import NamesNetwork, probabilities_of
from promptguard.detectors.names.network.weights import REACH, load_weights


@pytest.fixture(scope="module")
def model() -> NamesNetwork:
    return NamesNetwork()


def test_words_are_judged_where_they_stand(model: NamesNetwork) -> None:
    text = "😀 My name is Zoë Roe and I live in Springfield, Illinois."
    words = {text[word.start : word.end]: word for word in model.words(text)}
    assert words["Zoë"].label == words["Roe"].label == "PERSON"
    assert words["Zoë"].person > 0.9 > 0.1 > words["name"].person
    assert words["Springfield"].label == "LOCATION"
    assert words["Springfield"].location > 0.9 > 0.1 > words["live"].location


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("de", "Bitte schreiben Sie Frau Anneliese Vogt wegen der Rechnung.", ["Anneliese", "Vogt"]),
        ("fr", "Peux-tu rappeler Monsieur Thibault Garnier demain matin ?", ["Thibault", "Garnier"]),
        ("es", "El paciente Joaquín Ibáñez volvió ayer a la consulta.", ["Joaquín", "Ibáñez"]),
        ("it", "Ho parlato con Ginevra Moretti della fattura.", ["Ginevra", "Moretti"]),
        ("nl", "Kun je Sanne Hoekstra vragen om terug te bellen?", ["Sanne", "Hoekstra"]),
        ("pt", "Falei com a Beatriz Carvalho sobre o contrato.", ["Beatriz", "Carvalho"]),
        ("da", "Jeg talte med Mette Sørensen om regningen.", ["Mette", "Sørensen"]),
    ],
)
def test_languages(model: NamesNetwork, language: str, text: str, names: list[str]) -> None:
    found = {text[word.start : word.end] for word in model.words(text) if word.label == "PERSON"}
    assert found >= set(names)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b", "x" * 5_000, "한국 " * 600, "Меня зовут Иван.", "名前は田中です"]
)
def test_odd_texts_are_judged_too_and_nothing_is_said_of_other_scripts(model: NamesNetwork, text: str) -> None:
    for word in model.words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.person < 0.5
        assert word.label != "PERSON"


def test_a_word_depends_on_what_stands_near_it_alone(model: NamesNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "So I asked Jane Roe of 12 Maple Street about it, and she said no. " * 20
    whole = model.words(text)
    monkeypatch.setattr("promptguard.detectors.names.network.judge._AT_ONCE", REACH + 3)
    pieces = model.words(text)
    assert [word[:2] for word in whole] == [word[:2] for word in pieces]
    assert max(abs(one.person - other.person) for one, other in zip(whole, pieces, strict=True)) < 1e-5


def test_what_is_remembered_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptguard.detectors.names.network.judge._REMEMBERED", 60)
    monkeypatch.setattr("promptguard.detectors.names.network.judge._AT_ONCE", 16)
    model, fresh = NamesNetwork(), NamesNetwork()
    made = ["".join(letters) for letters in itertools.product("abcdefg", repeat=3)]
    model.words(" ".join(made))
    text = "My name is Jane Roe."
    assert [word.label for word in model.words(text)] == [word.label for word in fresh.words(text)]


def test_probabilities_of_a_word_add_up_to_one() -> None:
    weights = load_weights()
    chance = np.random.default_rng(3)
    sums = chance.standard_normal((7, weights.width)).astype(np.float32)
    probabilities = probabilities_of(weights, sums, np.zeros(7, dtype=np.intp))
    assert probabilities.shape == (7, 3)
    assert np.allclose(probabilities.sum(axis=1), 1.0)
