"""The corpus holds what it promises: sizes, languages, exact offsets, a part that is held out."""

from collections import Counter

import pytest

from benchmarks.detection.corpus import FOLDER, collections, thin_out
from benchmarks.detection.corpus.evasions import evasions
from benchmarks.detection.markup import read_templates
from benchmarks.detection.sample import Collection, Measure, Sample
from promptguard.model import Role

COLLECTIONS = {collection.name: collection for collection in collections()}
BUILT = {name: collection.build() for name, collection in COLLECTIONS.items()}


@pytest.mark.parametrize("name", BUILT)
def test_ids_are_unique_and_offsets_lie_in_the_text(name: str) -> None:
    samples = BUILT[name]
    assert len({sample.id for sample in samples}) == len(samples)
    for sample in samples:
        for gold in (*sample.gold, *sample.public):
            assert 0 <= gold.start < gold.end <= len(sample.text)
            assert sample.text[gold.start : gold.end].strip()


@pytest.mark.parametrize("name", BUILT)
def test_the_same_texts_every_time(name: str) -> None:
    assert COLLECTIONS[name].build() == BUILT[name]


def test_seven_languages_have_sixty_prompts_each() -> None:
    languages = Counter(sample.language for sample in BUILT["prompts"])
    assert set(languages) == {"en", "de", "fr", "es", "it", "nl", "da"}
    assert min(languages.values()) >= 60
    assert languages["en"] == max(languages.values())


def test_there_are_as_many_texts_as_promised() -> None:
    templates = [each.id for path in (FOLDER / "prompts").glob("*.txt") for each in read_templates(path)]
    assert len(set(templates)) == len(templates) >= 150
    assert len(BUILT["secrets"]) >= 250
    assert len({sample.text for sample in BUILT["look-alikes of secrets"]}) >= 250
    assert len(BUILT["clean prompts"]) >= 400
    assert sum(len(sample.text) for sample in BUILT["clean code"]) > 400_000


def test_system_prompts_name_two_hundred_people_half_of_them_held_out() -> None:
    named = [sample.held_out for sample in BUILT["system prompts"] for gold in sample.gold if gold.label == "PERSON"]
    assert len(named) >= 200
    assert 0.4 < sum(named) / len(named) < 0.6
    assert {sample.voice for sample in BUILT["system prompts"]} == {Role.SYSTEM}


def test_about_a_third_is_held_out_by_template() -> None:
    samples = BUILT["prompts"]
    assert 0.2 < sum(sample.held_out for sample in samples) / len(samples) < 0.45
    by_template: dict[str, set[bool]] = {}
    for sample in samples:
        by_template.setdefault(sample.id.rsplit("/", 1)[0], set()).add(sample.held_out)
    assert all(len(states) == 1 for states in by_template.values())


@pytest.mark.parametrize(
    "name", ["look-alikes of secrets", "clean prompts", "clean system prompts", "clean dumps", "clean code"]
)
def test_what_is_clean_has_no_gold(name: str) -> None:
    assert not any(sample.gold for sample in BUILT[name])


def test_every_secret_prompt_has_a_secret() -> None:
    assert all(any(gold.label == "SECRET" for gold in sample.gold) for sample in BUILT["secrets"])


def hidden(disguise: str, kind: str, copy: int = 0) -> tuple[Sample, str]:
    sample = next(each for each in evasions() if each.id == f"{disguise}/{kind}/{copy}")
    return sample, sample.text[sample.gold[0].start : sample.gold[0].end]


def test_gold_of_a_disguise_is_the_value_and_not_its_keyword() -> None:
    sample, value = hidden("none", "password pair")
    assert sample.text[: sample.gold[0].start].endswith("password: ")
    assert value not in {"", "password: "}
    sample, value = hidden("reversed", "password pair")
    assert sample.text[sample.gold[0].end :].startswith(" :drowssap")


def test_disguises_can_be_undone() -> None:
    _, value = hidden("hex", "card")
    assert bytes.fromhex(value).decode().isdigit()
    _, value = hidden("full-width", "iban")
    assert value[:2].isalpha() and not value.isascii()
    _, value = hidden("digit words", "card")
    assert set(value.split()) <= {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}


def test_what_is_split_over_segments_is_cut_within_the_value() -> None:
    sample, _ = hidden("over segments", "token", 2)
    (_, first), (offset, second) = sample.segments()
    assert first + second == sample.text
    assert sample.gold[0].start < offset < sample.gold[0].end


def test_a_quick_run_takes_an_even_tenth() -> None:
    samples = BUILT["prompts"]
    assert len(thin_out(samples, quick=True)) == -(-len(samples) // 10)
    assert thin_out(samples, quick=False) == samples


def test_every_way_of_judging_is_used() -> None:
    assert {collection.measure for collection in COLLECTIONS.values()} == set(Measure)
    assert all(isinstance(collection, Collection) for collection in COLLECTIONS.values())
