"""The network's weights: one file beside this module, checked by its hash, and how it is written."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from promptguard.detectors.names.network.digest import SHA256
from promptguard.detectors.names.network.features import ROWS
from promptguard.detectors.names.network.tokens import GAPS
from promptguard.detectors.names.spans import ModelUnusable

FILE: Final = Path(__file__).parent / "weights.bin"

DILATIONS: Final = (1, 2, 4, 8, 1)
"""How far apart the three words lie that each layer looks at."""

REACH: Final = sum(DILATIONS)
"""Words to each side that a word's judgement depends on."""

LABEL_COUNT: Final = 3
"""None, person, location."""

type Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """All numbers of the network."""

    table: npt.NDArray[np.int8]
    """Shape (`ROWS`, width); each row is to be multiplied with its scale."""
    scales: Floats
    """Shape (`ROWS`, 1)."""
    gaps: Floats
    """Shape (`GAPS`, width): what is added for what stands before a word."""
    kernels: tuple[Floats, ...]
    """For each of `DILATIONS`, shape (3 x width, width): the word before, the word itself, the word after."""
    biases: tuple[Floats, ...]
    """For each of `DILATIONS`, shape (width,)."""
    head: Floats
    """Shape (width, `LABEL_COUNT`)."""
    head_bias: Floats
    """Shape (`LABEL_COUNT`,)."""

    @property
    def width(self) -> int:
        """Numbers that stand for one word."""
        return int(self.table.shape[1])

    def sums(self, features: Sequence[Sequence[int]]) -> Floats:
        """For each word, the sum of its rows, which must not be none: shape (words, width)."""
        rows = np.fromiter(chain.from_iterable(features), dtype=np.intp)
        counts = np.fromiter(map(len, features), dtype=np.intp, count=len(features))
        values = self.table[rows].astype(np.float32)
        values *= self.scales[rows]
        return np.add.reduceat(values, np.concatenate(([0], counts.cumsum()[:-1])), axis=0)


def load_weights(file: Path = FILE, digest: str = SHA256) -> Weights:
    """The weights in `file`, whose SHA-256 must be `digest`, in hexadecimal.

    Raises:
        ModelUnusable: it cannot be read, or is not the one this version was made with.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelUnusable(f"The names model's file {file} cannot be read: {error.strerror}.") from None
    actual = hashlib.sha256(content).hexdigest()
    if actual != digest:
        raise ModelUnusable(
            f"The names model's file {file} is not the one this version was made with: its SHA-256 is {actual}, "
            f"expected {digest}. Reinstall PromptGuard."
        )
    return read_weights(content)


def read_weights(content: bytes) -> Weights:
    """The weights in a file's content, as `write_weights` made it.

    Raises:
        ValueError: it does not hold arrays of the right shapes.
    """
    stream = io.BytesIO(content)

    def array() -> npt.NDArray[np.generic]:
        return np.lib.format.read_array(stream, allow_pickle=False)

    table = array().astype(np.int8, copy=False)
    scales, gaps, head, head_bias, *layers = (array().astype(np.float32) for _ in range(4 + 2 * len(DILATIONS)))
    width = table.shape[1]
    if table.shape[0] != ROWS or gaps.shape != (GAPS, width) or head.shape != (width, LABEL_COUNT):
        raise ValueError(f"weights of other shapes: table {table.shape}, gaps {gaps.shape}, head {head.shape}")
    return Weights(table, scales, gaps, tuple(layers[0::2]), tuple(layers[1::2]), head, head_bias)


def write_weights(weights: Weights) -> bytes:
    """A file's content: the arrays one after another in NumPy's own format (NEP 1), all but the table in 16 bits.

    The same weights give the same bytes.
    """
    stream = io.BytesIO()
    layers = chain.from_iterable(zip(weights.kernels, weights.biases, strict=True))
    np.lib.format.write_array(stream, weights.table, allow_pickle=False)
    for array in (weights.scales, weights.gaps, weights.head, weights.head_bias, *layers):
        np.lib.format.write_array(stream, array.astype(np.float16), allow_pickle=False)
    return stream.getvalue()
