"""What is sent to the server and what comes back, as tensors: the contract of the model that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from promptguard.detectors.names.rampart_tokens import Judgements
from promptguard.detectors.names.weights import DIGESTS, WEIGHTS
from promptguard.detectors.names.windows import WINDOW

MODEL: Final = "promptguard-names"
"""The model's name on the server, where nobody says another."""

INPUT: Final = "input_ids"
"""INT64, shape (windows, tokens): the ids of a window's tokens, and after them `PADDING`."""

OUTPUT: Final = f"judgements_{DIGESTS[WEIGHTS][:12]}"
"""FP32, shape (windows, tokens, 3): see `Judgements`. The name tells the weights, by the beginning of their SHA-256: a
server with others does not know it, and says so."""

PADDING: Final = -1
"""No token. Zero is one in the vocabulary, and a text can hold it."""

JUDGED: Final = 3
"""Numbers for each token."""

LABELS: Final = 35
"""Kinds of tokens that the model tells apart."""

LONGEST: Final = WINDOW + 2
"""Most tokens of a window, with the two that frame it."""

_LENGTHS: Final = (32, 64, LONGEST)
"""To which windows are filled up: a server puts requests of equal shape together."""

MOST_WINDOWS: Final = 32
"""In one request: some 10 KB of text, for which a processor without help needs a quarter of a second."""

_SLACK: Final = 1e-3
"""By how much the sum of probabilities may exceed one."""


def filled(windows: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
    """The ids of the windows' tokens, filled up to one length."""
    longest = max(map(len, windows))
    length = next(each for each in _LENGTHS if each >= longest)
    ids = np.full((len(windows), length), PADDING, dtype=np.int64)
    for row, window in zip(ids, windows, strict=True):
        row[: len(window)] = window
    return ids


def judged(answer: npt.NDArray[np.float32], windows: Sequence[Sequence[int]]) -> list[Judgements]:
    """What the answer says of each window's tokens, without the two that frame them.

    Raises:
        ValueError: these are no judgements.
    """
    persons_and_places, labels = answer[:, :, :2], answer[:, :, 2]
    told = [row[1 : len(window) - 1] for row, window in zip(answer, windows, strict=True)]
    if not (
        np.isfinite(answer).all()
        and persons_and_places.min() >= 0
        and persons_and_places.max() <= 1 + _SLACK
        and labels.min() >= 0
        and labels.max() < LABELS
    ):
        raise ValueError("not judgements")
    return told
