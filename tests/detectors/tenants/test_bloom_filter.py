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


def test_terms_pass_by_their_beginnings_and_without_them() -> None:
    text = "the quiet orchard of ann lee, acme"
    bits = BloomFilter.fill(HASHING, HASHING.strings(["quietorchard", "orchardofann", "acme", "theann"]))
    beginnings = BloomFilter.fill_beginnings(HASHING, HASHING.strings(["quietorchard", "orchardof", "theann"]))
    for known in (beginnings, None):
        filter = BloomFilter(HASHING, bits, {Shape.WORDS: [1, 2, 3]}, known)
        assert filter.candidates(tokenise(text)) == [(6, 1), (1, 2), (2, 3)]


def test_what_has_no_beginning_of_a_term_falls_through() -> None:
    bits = BloomFilter.fill(HASHING, HASHING.strings(["quietorchard"]))
    beginnings = BloomFilter.fill_beginnings(HASHING, np.zeros(0, np.uint64))
    filter = BloomFilter(HASHING, bits, {Shape.WORDS: [2]}, beginnings)
    assert filter.candidates(tokenise("the quiet orchard")) == []
