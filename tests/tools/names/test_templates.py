from __future__ import annotations

import random
import re

import pytest
from tools.names.addresses import FORMS, address
from tools.names.exchange import Names, exchanged
from tools.names.pools import Maker, Places, Pool, places
from tools.names.samples import Sample
from tools.names.templates import expand, fill, generated, templates

LANGUAGES = {"any", "da", "de", "en", "es", "fr", "it", "nl", "pt"}


@pytest.fixture
def names() -> Names:
    pool = Pool("xx_XX", ["Jane", "Zoë"], ["Roe", "Doe"])
    return Names([pool], Places(["Springfield"], ["Ruritania"]), random.Random(5))


def test_there_are_templates_of_all_languages() -> None:
    assert {language for language, _ in templates()} == LANGUAGES


@pytest.mark.parametrize(("language", "template"), templates())
def test_every_template_can_be_filled(names: Names, language: str, template: str) -> None:
    sample = fill(expand(template, names.chance), language, names)
    assert not re.search(r"\{[A-Z]+\}|\\n", sample.text)
    assert all(sample.text[start:end].strip() == sample.text[start:end] != "" for start, end, _ in sample.labels)


def test_one_of_each_choice_is_taken() -> None:
    expanded = {expand("[a|b|]-[c|d]\\n", random.Random(seed)) for seed in range(50)}
    assert expanded == {f"{one}-{other}\n" for one in ("a", "b", "") for other in ("c", "d")}


def test_the_same_seed_gives_the_same_sentences() -> None:
    pool = Pool("xx_XX", ["Jane"], ["Roe"])
    first, second = (
        list(generated(40, Names([pool], Places(["Springfield"], ["Ruritania"]), random.Random(2)))) for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("language", FORMS)
def test_addresses_are_filled_in(names: Names, language: str) -> None:
    for _ in range(40):
        written = address(names, language)
        assert "{" not in written
        assert re.search(r"\d", written) or "corner of" in written


def test_the_same_person_gets_the_same_other_name(names: Names) -> None:
    sample = Sample(
        "Max Moritz met Max Moritz. MAX MORITZ!", ((0, 10, "PERSON"), (15, 25, "PERSON"), (27, 37, "PERSON"))
    )
    changed = exchanged(sample, names)
    one, other, loud = (changed.text[start:end] for start, end, _ in changed.labels)
    assert one == other != "Max Moritz"
    assert any(name in one for name in ("Roe", "Doe"))
    assert loud.isupper()


def test_made_up_names_are_made_of_what_names_are_made_of() -> None:
    maker = Maker(["Springer", "Sprenger", "Spengler", "Stringer"])
    made = {maker.make(random.Random(seed)) for seed in range(60)}
    assert len(made) > 4
    assert all(name.startswith("S") and name.endswith("er") for name in made)


def test_places_are_those_of_the_gazetteer() -> None:
    assert len(places().cities) > 10_000
    assert "Portugal" in places().countries
