from __future__ import annotations

import numpy as np
import pytest

from promptguard.detectors.names.inference_server.tensors import INPUT, LONGEST, OUTPUT, PADDING, filled, judged
from promptguard.detectors.names.weights import DIGESTS, WEIGHTS


@pytest.mark.parametrize(
    ("lengths", "filled_to"), [([3], 32), ([32, 2], 32), ([33], 64), ([64, 65], LONGEST), ([LONGEST], LONGEST)]
)
def test_windows_are_filled_up_to_a_few_lengths(lengths: list[int], filled_to: int) -> None:
    windows = [list(range(length)) for length in lengths]
    ids = filled(windows)
    assert ids.shape == (len(lengths), filled_to)
    for row, window in zip(ids.tolist(), windows, strict=True):
        assert row == window + [PADDING] * (filled_to - len(window))


def test_the_output_is_called_after_the_weights() -> None:
    assert ("input_ids", f"judgements_{DIGESTS[WEIGHTS][:12]}") == (INPUT, OUTPUT)


def test_what_frames_a_window_and_fills_it_up_is_left_out() -> None:
    answer = np.zeros((2, 32, 3), dtype=np.float32)
    answer[0, 1:3, 0] = [0.25, 0.5]
    (first, second) = judged(answer, [[101, 7, 8, 102], [101, 102]])
    assert first[:, 0].tolist() == [0.25, 0.5]
    assert second.shape == (0, 3)


@pytest.mark.parametrize(
    ("column", "value"), [(0, float("nan")), (0, float("inf")), (1, -0.1), (0, 1.1), (2, -1.0), (2, 35.0)]
)
def test_what_is_no_judgement_is_refused(column: int, value: float) -> None:
    answer = np.zeros((1, 32, 3), dtype=np.float32)
    answer[0, 5, column] = value
    with pytest.raises(ValueError, match="not judgements"):
        judged(answer, [[101, 7, 102]])
