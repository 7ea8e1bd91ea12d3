"""Rampart, run on a server: tokens are made here, and judged there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from promptguard.detectors.names.inference_server.tensors import MOST_WINDOWS
from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.rampart_tokens import Judgements, RampartVocabulary

type Judge = Callable[[Sequence[Sequence[int]]], list[Judgements]]
"""What a server is asked: see `InferenceClient.judge`."""


class ServedRampart:
    """Judges words of several texts at once. Several threads may use it."""

    def __init__(self, vocabulary: RampartVocabulary, judge: Judge) -> None:
        self._vocabulary = vocabulary
        self._judge = judge

    def words(self, texts: Sequence[str]) -> Mapping[str, list[Word]]:
        """The words of each text, judged. Texts must not hold surrogates.

        Raises:
            ServerAway: see `InferenceClient.judge`.
        """
        read = {text: self._vocabulary.read(text) for text in texts}
        windows = [window for each in read.values() for window in self._vocabulary.inputs(each)]
        judged = self._judged(windows)
        return {
            text: self._vocabulary.words(each, each.joined(list(islice(judged, len(each.windows)))))
            for text, each in read.items()
        }

    def _judged(self, windows: Sequence[Sequence[int]]) -> Iterator[Judgements]:
        """Windows of about one length go together: what is filled up is judged in vain."""
        order = sorted(range(len(windows)), key=lambda index: len(windows[index]))
        result: dict[int, Judgements] = {}
        for first in range(0, len(order), MOST_WINDOWS):
            some = order[first : first + MOST_WINDOWS]
            result.update(zip(some, self._judge([windows[index] for index in some]), strict=True))
        return (result[index] for index in range(len(windows)))
