import numpy as np
import pytest

from promptguard.detectors.tenants.filter_hash import FilterHash
from promptguard.detectors.tenants.folding import Indexes, Numbers, tokenise, words_of
from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes
from promptguard.detectors.tenants.terms import MAX_TERM_LENGTH, MAX_WORD_LENGTH, Shape, code_form
from promptguard.detectors.tenants.word_runs import word_runs

HASHING = FilterHash(KeyedHashes(bytes(32), bytes(SALT_BYTES)).filter_parameters())
SHAPES = {Shape.WORDS: {1, 2, 3}, Shape.VERBATIM: {3, 4}, Shape.CODE: {1}, Shape.BAG: {2, 3}}


@pytest.mark.parametrize(
    "text",
    [
        "Quarzwerke Nordheim GmbH 00123 45-67 Müller Anna 0 000 007",
        "ann.lee@orchard.example 0012-34 x",
        "株式会社山田 12",
        "one",
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 3_000 + " ann lee 0012",
        "0",
    ],
)
def test_runs_have_the_hashes_of_their_words(text: str) -> None:
    words = words_of(text)
    runs = list(word_runs(tokenise(text), SHAPES, HASHING))
    assert runs
    for run in runs:
        for first, found in zip(run.firsts, HASHING.mixed(run.hashes), strict=True):
            part = words[first : first + abs(run.words)]
            if sum(map(len, part)) > MAX_TERM_LENGTH * MAX_WORD_LENGTH:
                continue  # no term is as long
            expected = HASHING.strings([code_form(part)]) if run.words > 0 else HASHING.bags([part])
            assert found == expected[0]


def test_a_text_without_words_has_no_runs() -> None:
    assert list(word_runs(tokenise(" - "), SHAPES, HASHING)) == []


def test_words_far_apart_make_no_run() -> None:
    near, far = (
        {run.words for run in word_runs(tokenise(text), SHAPES, HASHING)} for text in ("ann, - lee", "ann ----- lee")
    )
    assert 2 in near and 2 not in far


def test_of_terms_with_a_known_beginning_only_what_may_begin_one_is_followed() -> None:
    text = "ann lee and the old orchard"
    beginning = HASHING.strings(["theold"])[0]

    def begins_term(hashes: Numbers) -> Indexes:
        return np.flatnonzero(HASHING.mixed(hashes) == beginning)

    shapes = {Shape.WORDS: {1, 2, 3}}
    runs = list(word_runs(tokenise(text), shapes, HASHING, begins_term))
    assert [(run.words, run.firsts.tolist()) for run in runs] == [(1, [0, 1, 2, 3, 4, 5]), (2, [3]), (3, [3])]
