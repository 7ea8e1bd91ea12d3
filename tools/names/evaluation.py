"""How well the network does on labelled samples, word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tools.names.encoding import encode
from tools.names.samples import Sample

from promptguard.detectors.names.network.judge import LABELS, NamesNetwork


@dataclass(frozen=True, slots=True)
class Score:
    """Of the words of one label."""

    label: str
    recall: float
    precision: float


def scores(model: NamesNetwork, samples: Iterable[Sample]) -> list[Score]:
    """Recall and precision of each label, counting words and taking the likeliest."""
    right: Counter[str] = Counter()
    true: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for sample in samples:
        classes = encode([sample]).classes
        for word, number in zip(model.words(sample.text), classes.tolist(), strict=True):
            if number < 0:
                continue
            true[LABELS[number]] += 1
            said[word.label] += 1
            right[LABELS[number]] += word.label == LABELS[number]
    return [
        Score(label, right[label] / max(true[label], 1), right[label] / max(said[label], 1)) for label in LABELS[1:]
    ]
