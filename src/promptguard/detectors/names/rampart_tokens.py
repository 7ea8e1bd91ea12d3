"""What goes into the Rampart model and what comes out of it: a text as windows of tokens, and words judged by those.

Wherever the network runs, here or on a server, it is asked and understood in this way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.weights import DESCRIPTION, TOKENIZER, verified
from promptguard.detectors.names.windows import plan_windows

type Judgements = npt.NDArray[np.float32]
"""One row for each token: the probability of a person's name, that of an address, and the number of the likeliest
label. Shape (tokens, 3)."""

_PERSON = frozenset({"GIVEN_NAME", "SURNAME"})
_LOCATION = frozenset({"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"})


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the model sees it."""

    ids: Sequence[int]
    """Of its tokens, in the vocabulary."""
    offsets: Sequence[tuple[int, int]]
    """Where each token stands in the text."""
    numbers: Sequence[int | None]
    """Of the word that each token belongs to."""
    windows: Sequence[tuple[int, int]]
    """Ranges of tokens that the model sees at once; see `plan_windows`."""

    def joined(self, judged: Sequence[Judgements]) -> Judgements:
        """One judgement for each token, of those for each window, which overlap."""
        result = np.zeros((len(self.ids), 3), dtype=np.float32)
        for number, ((start, end), judgements) in enumerate(zip(self.windows, judged, strict=True)):
            # Of two judgements of one token, the one with more context around it counts.
            keep = start if number == 0 else (start + self.windows[number - 1][1]) // 2
            result[keep:end] = judgements[keep - start :]
        return result


class RampartVocabulary:
    """The model's tokens and labels. Several threads may use it."""

    def __init__(self, folder: Path) -> None:
        """Read them from the folder of the model's files.

        Raises:
            ModelUnusable: a file is missing, or is not the one this version was made for.
        """
        names = json.loads(verified(folder, DESCRIPTION))["id2label"]
        self.labels = [names[str(index)].rpartition("-")[2] for index in range(len(names))]
        self.persons = [index for index, label in enumerate(self.labels) if label in _PERSON]
        self.locations = [index for index, label in enumerate(self.labels) if label in _LOCATION]
        self._tokenizer: Any = Tokenizer.from_str(verified(folder, TOKENIZER).decode())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        numbers: dict[str, int] = self._tokenizer.get_vocab()
        self._first, self._last = numbers["[CLS]"], numbers["[SEP]"]

    def read(self, text: str) -> Read:
        """The tokens of a text, which must not hold surrogates."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        numbers = encoding.word_ids
        return Read(encoding.ids, encoding.offsets, numbers, plan_windows(text, encoding.offsets, numbers))

    def inputs(self, read: Read) -> list[list[int]]:
        """For each window, what the network is given: the ids of its tokens between the two that frame them."""
        return [[self._first, *read.ids[start:end], self._last] for start, end in read.windows]

    def words(self, read: Read, judgements: Judgements) -> list[Word]:
        """The words of a text, of what was judged of its tokens."""
        if not read.ids:
            return []
        numbers = np.array(read.numbers)
        firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
        ends = np.append(firsts[1:], len(numbers))
        means = np.add.reduceat(judgements[:, :2], firsts, axis=0) / (ends - firsts)[:, None].astype(np.float32)
        labels = judgements[firsts, 2].astype(int).tolist()
        return [
            Word(read.offsets[first][0], read.offsets[end - 1][1], person, location, self.labels[label])
            for first, end, (person, location), label in zip(
                firsts.tolist(), ends.tolist(), means.tolist(), labels, strict=True
            )
        ]
