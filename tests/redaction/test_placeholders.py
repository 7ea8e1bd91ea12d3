from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.redaction.placeholders import (
    ALPHABET,
    CODE_LENGTH,
    MAX_LENGTH,
    PLACEHOLDER,
    placeholder_for,
)

KEY = b"k" * 32


@given(st.text(), st.text(), st.text())
def test_has_one_form_for_any_input(scope: str, entity_type: str, value: str) -> None:
    placeholder = placeholder_for(KEY, scope, entity_type, value, {})
    assert PLACEHOLDER.fullmatch(placeholder)
    assert len(placeholder) <= MAX_LENGTH
    assert json.dumps(placeholder) == f'"{placeholder}"'


def test_takes_lone_surrogates() -> None:
    assert PLACEHOLDER.fullmatch(placeholder_for(KEY, "s", "PERSON", "\ud800", {}))


@pytest.mark.parametrize(
    ("entity_type", "name"),
    [
        ("EMAIL_ADDRESS", "EMAIL_ADDRESS"),
        ("Kunden-Nr.", "KUNDEN_NR_"),
        ("A" * 60, "A" * 40),
        ("", "VALUE"),
        ("_", "_"),
    ],
)
def test_names_the_entity_type(entity_type: str, name: str) -> None:
    assert placeholder_for(KEY, "s", entity_type, "v", {})[: -CODE_LENGTH - 1] == f"[{name}_"


def test_equal_values_are_equal_and_spellings_differ() -> None:
    names = ["Anna M\u00e4rz", "Anna Ma\u0308rz", "anna M\u00e4rz", "Anna  M\u00e4rz", "Anna M\u00e4rz "]
    placeholders = [placeholder_for(KEY, "s", "PERSON", name, {}) for name in names]
    assert len(set(placeholders)) == len(names)
    assert placeholders == [placeholder_for(KEY, "s", "PERSON", name, {}) for name in names]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((KEY, "s", "A", "v"), (b"other", "s", "A", "v")),
        ((KEY, "s", "A", "v"), (KEY, "t", "A", "v")),
        ((KEY, "s|A", "A", "v"), (KEY, "s", "A", "A|v")),
    ],
)
def test_depends_on_key_and_scope(one: tuple[bytes, str, str, str], other: tuple[bytes, str, str, str]) -> None:
    assert placeholder_for(*one, {}) != placeholder_for(*other, {})


def test_what_is_never_restored_has_a_placeholder_of_its_own() -> None:
    never = placeholder_for(KEY, "s", "PASSWORD", "v", {}, restorable=False)
    assert never != placeholder_for(KEY, "s", "PASSWORD", "v", {})


def test_grows_where_another_value_is_in_the_way() -> None:
    first = placeholder_for(KEY, "s", "A", "v", {})
    assert placeholder_for(KEY, "s", "A", "v", {first: "v"}) == first
    longer = placeholder_for(KEY, "s", "A", "v", {first: "another"})
    assert longer[:-2] == first[:-1]
    assert PLACEHOLDER.fullmatch(longer)


def test_hashes_anew_where_no_length_is_free() -> None:
    taken = {}
    for _ in range(9):
        taken[placeholder_for(KEY, "s", "A", "v", taken)] = "another"
    fresh = placeholder_for(KEY, "s", "A", "v", taken)
    assert fresh not in taken
    assert len(fresh) == len("[A_]") + CODE_LENGTH


def test_the_alphabet_makes_no_words_and_no_doubt() -> None:
    assert not set(ALPHABET) & set("AEIOUY01")
    assert len(set(ALPHABET)) == len(ALPHABET) == 28


@pytest.mark.parametrize(
    "text", ["[EMAIL_ADDRESS]", "[A_2345678]", "[a_22222222]", "[A_2222222A]", "A_22222222", "[A-22222222]"]
)
def test_does_not_look_like_a_placeholder(text: str) -> None:
    assert PLACEHOLDER.search(text) is None
