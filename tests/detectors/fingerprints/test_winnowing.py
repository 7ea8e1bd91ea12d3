from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.fingerprints import winnowing as module
from promptguard.detectors.fingerprints.winnowing import Winnower

KEY = bytes(range(16))
CODES = st.lists(st.integers(1, 5), max_size=300).map(lambda codes: np.array(codes, dtype=np.uint16))


def selected_by_definition(winnower: Winnower, codes: np.ndarray) -> list[int]:
    """Of each window all of its smallest hashes, one window after another; equal ones close to each other once."""
    if len(codes) < winnower.k:
        return []
    hashes = winnower._hashes(codes).tolist()
    width = min(winnower.window, len(hashes))
    chosen: set[int] = set()
    for start in range(len(hashes) - width + 1):
        smallest = min(hashes[start : start + width])
        chosen.update(at for at in range(start, start + width) if hashes[at] == smallest)
    ordered = sorted(chosen)
    repeated = {
        later
        for earlier, later in itertools.pairwise(ordered)
        if hashes[earlier] == hashes[later] and later - earlier < winnower.window
    }
    return [at for at in ordered if at not in repeated]


@given(CODES)
def test_the_smallest_of_each_window_is_selected(codes: np.ndarray) -> None:
    winnower = Winnower(KEY, k=5, window=7)
    assert winnower(codes).positions.tolist() == selected_by_definition(winnower, codes)


@given(CODES)
def test_blocks_leave_no_seam(codes: np.ndarray) -> None:
    winnower = Winnower(KEY, k=5, window=7)
    whole = winnower(codes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 11)
        cut = winnower(codes)
    assert cut.positions.tolist() == whole.positions.tolist()
    assert cut.values.tolist() == whole.values.tolist()


@given(CODES, CODES, st.lists(st.integers(1, 60), min_size=11, max_size=11))
def test_a_common_piece_has_a_common_fingerprint(before: np.ndarray, after: np.ndarray, piece: list[int]) -> None:
    winnower = Winnower(KEY, k=5, window=7)
    common = np.array(piece, dtype=np.uint16)
    assert len(common) == winnower.k + winnower.window - 1
    text = np.concatenate([before, common, after])
    assert set(winnower(common).values.tolist()) & set(winnower(text).values.tolist())


def test_a_gram_has_one_value_wherever_it_stands() -> None:
    winnower = Winnower(KEY, k=24, window=1)
    gram = np.arange(1, 25, dtype=np.uint16)
    values = {
        winnower(np.concatenate([np.full(before, 7, dtype=np.uint16), gram])).values.tolist()[-1]
        for before in (0, 1, 39, 40, 63, 64, 1000)
    }
    assert len(values) == 1


def test_another_key_has_nothing_in_common() -> None:
    codes = np.arange(1, 500, dtype=np.uint16)
    one, other = (Winnower(key, k=24, window=4)(codes).values.tolist() for key in (KEY, KEY[::-1]))
    assert not set(one) & set(other)


def test_short_key() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Winnower(b"short", k=24, window=4)


def test_text_that_repeats_itself_has_few_fingerprints() -> None:
    winnower = Winnower(KEY, k=24, window=16)
    assert len(winnower(np.full(100_000, 7, dtype=np.uint16))) == 1
    assert len(winnower(np.tile(np.arange(1, 6, dtype=np.uint16), 20_000))) <= 2
