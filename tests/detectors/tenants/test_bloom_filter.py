import random

import numpy as np

from promptguard.detectors.tenants.bloom_filter import BloomFilter
from promptguard.detectors.tenants.filter_hash import FilterHash
from promptguard.detectors.tenants.folding import tokenise
from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes
from promptguard.detectors.tenants.terms import Shape

HASHING = FilterHash(KeyedHashes(bytes(32), bytes(SALT_BYTES)).filter_parameters())
SHAPES = {Shape.WORDS: {1, 2, 3}, Shape.VERBATIM: {3, 4}, Shape.CODE: {1}, Shape.BAG: {2, 3}}


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
