from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from promptguard.detectors.names.network.features import ROWS
from promptguard.detectors.names.network.tokens import GAPS
from promptguard.detectors.names.network.weights import (
    DILATIONS,
    FILE,
    LABEL_COUNT,
    Weights,
    load_weights,
    read_weights,
    write_weights,
)
from promptguard.detectors.names.spans import ModelUnusable

WIDTH = 4


@pytest.fixture(scope="module")
def weights() -> Weights:
    chance = np.random.default_rng(1)

    def some(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return chance.integers(-8, 8, shape).astype(np.float32)

    return Weights(
        chance.integers(-127, 128, (ROWS, WIDTH)).astype(np.int8),
        some(ROWS, 1),
        some(GAPS, WIDTH),
        tuple(some(3 * WIDTH, WIDTH) for _ in DILATIONS),
        tuple(some(WIDTH) for _ in DILATIONS),
        some(WIDTH, LABEL_COUNT),
        some(LABEL_COUNT),
    )


def test_what_is_written_is_read_again(weights: Weights, tmp_path: Path) -> None:
    content = write_weights(weights)
    assert content == write_weights(weights)
    file = tmp_path / "weights.bin"
    file.write_bytes(content)
    read = load_weights(file, hashlib.sha256(content).hexdigest())
    assert (read.table == weights.table).all()
    assert (read.kernels[4] == weights.kernels[4]).all()
    assert (read.head_bias == weights.head_bias).all()


def test_a_words_rows_are_added_up(weights: Weights) -> None:
    table = weights.table * weights.scales
    sums = weights.sums([[3], [5, 7, 5]])
    assert np.allclose(sums, [table[3], table[5] + table[7] + table[5]])


def test_other_bytes_are_not_loaded(weights: Weights, tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    with pytest.raises(ModelUnusable, match=r"weights\.bin cannot be read"):
        load_weights(file)
    file.write_bytes(b"something else")
    with pytest.raises(ModelUnusable, match=r"its SHA-256 is .*, expected .*Reinstall PromptGuard"):
        load_weights(file)


def test_arrays_of_other_shapes_are_refused(weights: Weights) -> None:
    content = write_weights(replace(weights, gaps=weights.gaps[1:]))
    with pytest.raises(ValueError, match="other shapes"):
        read_weights(content)


def test_what_is_shipped_is_small_and_the_recorded_one() -> None:
    assert FILE.stat().st_size < 6_000_000
    assert load_weights().table.shape[0] == ROWS
