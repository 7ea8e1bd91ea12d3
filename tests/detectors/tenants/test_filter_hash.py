import numpy as np

from promptguard.detectors.tenants.filter_hash import FilterHash
from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes

HASHING = FilterHash(KeyedHashes(bytes(32), bytes(SALT_BYTES)).filter_parameters())


def test_a_bag_has_no_order_and_a_sequence_has() -> None:
    assert HASHING.bags([["ann", "lee"]]) == HASHING.bags([["lee", "ann"]])
    assert HASHING.strings(["annlee"]) != HASHING.strings(["leeann"])


def test_prefix_sums_give_the_hash_of_any_stretch() -> None:
    text = "quarzwerke nordheim 00123" * 2_000
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    sums, scales = HASHING.prefix_sums(codes)
    for begin, end in ((0, 10), (11, 19), (20, 25), (49_000, 49_025)):
        found = (sums[end : end + 1] - sums[begin : begin + 1]) * scales[begin : begin + 1]
        assert HASHING.mixed(found) == HASHING.strings([text[begin:end]])
