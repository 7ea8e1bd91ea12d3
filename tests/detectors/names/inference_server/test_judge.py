from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from promptguard.detectors.names.inference_server.judge import ServedRampart
from promptguard.detectors.names.inference_server.tensors import MOST_WINDOWS
from promptguard.detectors.names.rampart_tokens import Judgements, RampartVocabulary
from promptguard.detectors.names.weights import model_folder


class Judge:
    """Says of each token its id, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, windows: Sequence[Sequence[int]]) -> list[Judgements]:
        self.asked.append([len(window) for window in windows])
        return [
            np.array([(each, 0, 0) for each in window[1:-1]], dtype=np.float32).reshape(-1, 3) for window in windows
        ]


def test_each_text_gets_its_own_judgements_however_they_are_put_together() -> None:
    judge, vocabulary = Judge(), RampartVocabulary(model_folder())
    texts = [f"{word} " * length for length in (1, 200, 3) for word in ("river", "harbour", "meadow")] * 10 + ["", "a"]
    words = ServedRampart(vocabulary, judge).words(texts)
    for text in texts:
        (expected,) = {*vocabulary.read(text.split()[0]).ids} if text.strip() else {0}
        assert [word.person for word in words[text]] == [expected] * len(text.split())
    assert all(len(lengths) <= MOST_WINDOWS for lengths in judge.asked)
    together = [length for lengths in judge.asked for length in lengths]
    assert together == sorted(together)


def test_nothing_is_asked_of_nothing() -> None:
    judge = Judge()
    assert ServedRampart(RampartVocabulary(model_folder()), judge).words(["", " \n"]) == {"": [], " \n": []}
    assert judge.asked == []
