"""The set is whole: labels lie in their texts, and everything says where it comes from and under which licence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.heldout import texts
from benchmarks.heldout.texts import Half, Item, Label, items, languages, sources

LANGUAGES = languages()
FEWEST = 300
TELLS = ("package", "registry", "version", "files", "licence", "copyright", "kind")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def every(language: str) -> list[Item]:
    return items(language)


def test_there_are_enough_and_each_once(language: str, every: list[Item]) -> None:
    assert len(every) >= FEWEST
    assert len({item.text for item in every}) == len({item.id for item in every}) == len(every)
    assert all(item.id.startswith(f"{language}-") for item in every)


def test_labels_lie_in_the_text_in_order_on_whole_words(every: list[Item]) -> None:
    for item in every:
        position = 0
        for span in item.spans:
            assert position <= span.start < span.end <= len(item.text), item.id
            words = item.text[span.start : span.end]
            assert words == words.strip(), item.id
            assert not item.text[max(0, span.start - 1) : span.start + 1].isalnum() or not span.start, item.id
            assert not item.text[span.end - 1 : span.end + 1].isalnum() or span.end == len(item.text), item.id
            position = span.end


def test_texts_are_of_the_length_of_a_few_sentences(every: list[Item]) -> None:
    assert not [item.id for item in every if not 25 <= len(item.text) <= 800]


def test_both_halves_hold_persons_and_texts_without(every: list[Item]) -> None:
    halves = Counter(item.half for item in every)
    assert min(halves[half] for half in Half) >= 0.4 * len(every)
    for half in Half:
        own = [item for item in every if item.half is half]
        assert sum(len(item.labelled(Label.PERSON)) for item in own) >= 70
        assert sum(not item.spans for item in own) >= 25


def test_every_source_has_a_licence_and_is_used(language: str, every: list[Item]) -> None:
    told = sources(language)
    assert {item.source for item in every} == set(told)
    for name, source in told.items():
        assert all(source.get(field) for field in TELLS), name
        assert source["registry"] in {"Debian", "PyPI", "npm"}, name


def test_no_source_is_half_of_a_language(every: list[Item]) -> None:
    assert max(Counter(item.source for item in every).values()) <= 0.4 * len(every)


def test_a_line_of_another_form_is_told_by_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx.jsonl").write_text('{"id": "xx-1", "source": "s", "text": "t", "spans": [[0, 1, "NAME"]]}\n')
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"xx\.jsonl:1: .*NAME"):
        items("xx")
