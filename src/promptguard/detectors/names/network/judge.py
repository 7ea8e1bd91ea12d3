"""The network run: a text's words, judged."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.network.features import Lists, is_unread, shipped_lists, word_features
from promptguard.detectors.names.network.tokens import Tokens, tokens
from promptguard.detectors.names.network.weights import DILATIONS, REACH, Weights, load_weights
from promptguard.detectors.names.spans import LOCATION, PERSON

type Floats = npt.NDArray[np.float32]

LABELS = ("O", PERSON, LOCATION)
"""The network's classes, in the order of its outputs."""

_REMEMBERED = 40_000
"""Words whose sums of rows are kept: 15 MB. They are kept under Python's keyed hash of the word, without the word."""
_AT_ONCE = 8_192
"""Tokens that are judged in one go: 20 MB of memory."""


class NamesNetwork:
    """The loaded network. Several threads may use it."""

    def __init__(self, weights: Weights | None = None, lists: Lists | None = None) -> None:
        """Load the weights that are shipped, or take others.

        Raises:
            ModelUnusable: the file is missing or not the one this version was made with.
        """
        self._weights = weights or load_weights()
        self._lists = lists or shipped_lists()
        self._remembering = threading.Lock()
        self._places: dict[int, int] = {}
        self._sums = np.empty((_REMEMBERED, self._weights.width), dtype=np.float32)
        self._mute = np.zeros(_REMEMBERED, dtype=bool)

    def words(self, text: str) -> list[Word]:
        """See `WordJudge.words`."""
        found = tokens(text)
        if not found.written:
            return []
        probabilities = self._probabilities(found)
        likeliest = probabilities.argmax(axis=1).tolist()
        persons, locations = probabilities[:, 1].tolist(), probabilities[:, 2].tolist()
        labels = map(LABELS.__getitem__, likeliest)
        return list(map(Word._make, zip(found.starts, found.ends, persons, locations, labels, strict=True)))

    def _probabilities(self, found: Tokens) -> Floats:
        """For each token, the probability of each of `LABELS`."""
        pieces: list[Floats] = []
        for first in range(0, len(found.written), _AT_ONCE):
            low, high = max(0, first - REACH), first + _AT_ONCE + REACH
            with self._remembering:
                places = self._remembered(found.written[low:high])
                sums, mute = self._sums[places], self._mute[places]
            piece = probabilities_of(self._weights, sums, np.array(found.gaps[low:high]))
            # Nothing is said of scripts that the network was not trained on.
            piece[mute, 1:] = 0.0
            pieces.append(piece[first - low : first - low + _AT_ONCE])
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def _remembered(self, written: list[str]) -> list[int]:
        """Where the sum of each word's rows is kept, looked up where it was not yet."""
        known = self._places
        if len(known) + len(written) > _REMEMBERED:
            known.clear()
        places: list[int] = []
        fresh: list[list[int]] = []
        for word in written:
            key = hash(word)
            place = known.get(key)
            if place is None:
                place = known[key] = len(known)
                fresh.append(word_features(word, self._lists))
                self._mute[place] = is_unread(word)
            places.append(place)
        if fresh:
            self._sums[len(known) - len(fresh) : len(known)] = self._weights.sums(fresh)
        return places


def probabilities_of(weights: Weights, sums: Floats, gaps: npt.NDArray[np.intp]) -> Floats:
    """For each word, the probability of each of `LABELS`: shape (words, 3).

    `sums` are the words' sums of rows, shape (words, width), `gaps` what stands before each.
    """
    count, width = sums.shape
    # Zeros before and after stand for what lies outside of the text.
    edge = max(DILATIONS)
    padded = np.zeros((count + 2 * edge, width), dtype=np.float32)
    x = padded[edge : edge + count]
    np.add(sums, weights.gaps[gaps], out=x)
    columns = np.empty((count, 3 * width), dtype=np.float32)
    for dilation, kernel, bias in zip(DILATIONS, weights.kernels, weights.biases, strict=True):
        columns[:, :width] = padded[edge - dilation : edge - dilation + count]
        columns[:, width : 2 * width] = x
        columns[:, 2 * width :] = padded[edge + dilation : edge + dilation + count]
        hidden = columns @ kernel
        hidden += bias
        np.maximum(hidden, 0.0, out=hidden)
        x += hidden
    logits = x @ weights.head
    logits += weights.head_bias
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits
