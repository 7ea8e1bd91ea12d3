import random

import numpy as np
import pytest

from promptguard.detectors.tenants.bloom_filter import BloomFilter, FilterHash
from promptguard.detectors.tenants.folding import tokenise, words_of
from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes
from promptguard.detectors.tenants.terms import Shape, code_form

HASHING = FilterHash(KeyedHashes(bytes(32), bytes(SALT_BYTES)).filter_parameters())
SHAPES = {Shape.WORDS: {1, 2, 3}, Shape.VERBATIM: {3, 4}, Shape.CODE: {1}, Shape.BAG: {2, 3}}


@pytest.mark.parametrize(
    "text",
    [
        "Quarzwerke Nordheim GmbH 00123 45-67 Müller Anna 0 000 007",
        "ann.lee@orchard.example 0012-34 x",
        "株式会社山田 12",
        "one",
        "0",
    ],
)
def test_runs_have_the_hashes_of_their_words(text: str) -> None:
    words = words_of(text)
    runs = list(HASHING.runs(tokenise(text), SHAPES))
    assert runs
    for run in runs:
        for first, found in zip(run.firsts, run.hashes, strict=True):
            part = words[first : first + abs(run.words)]
            expected = HASHING.strings([code_form(part)]) if run.words > 0 else HASHING.bags([part])
            assert found == expected[0]


def test_a_bag_has_no_order_and_a_sequence_has() -> None:
    assert HASHING.bags([["ann", "lee"]]) == HASHING.bags([["lee", "ann"]])
    assert HASHING.strings(["annlee"]) != HASHING.strings(["leeann"])


def test_words_far_apart_make_no_run() -> None:
    near, far = (
        {run.words for run in HASHING.runs(tokenise(text), SHAPES)} for text in ("ann, - lee", "ann ----- lee")
    )
    assert 2 in near and 2 not in far


def test_all_terms_pass_and_nearly_nothing_else() -> None:
    draw = random.Random(4)
    names = ["".join(draw.choices("abcdefghij", k=8)) for _ in range(4_000)]
    terms, others = names[:2_000], names[2_000:]
    filter = BloomFilter(HASHING, BloomFilter.fill(HASHING, HASHING.strings(terms)), {Shape.WORDS: [1]})
    assert filter.candidates(tokenise(" ".join(terms))) == [(index, 1) for index in range(2_000)]
    assert len(filter.candidates(tokenise(" ".join(others)))) < 20


def test_an_empty_sieve_passes_nothing() -> None:
    filter = BloomFilter(HASHING, BloomFilter.fill(HASHING, np.zeros(0, np.uint64)), SHAPES)
    assert filter.candidates(tokenise("ann lee 12")) == []
    assert filter.candidates(tokenise("")) == []


def test_a_word_that_is_too_long_is_no_trouble() -> None:
    filter = BloomFilter(HASHING, BloomFilter.fill(HASHING, HASHING.strings(["acme"])), SHAPES)
    assert filter.candidates(tokenise("0" * 5_000 + " " + "x" * 5_000 + " acme"))[-1:] == [(2, 1)]
