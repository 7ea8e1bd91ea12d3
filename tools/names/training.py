"""Training the network with numpy and SciPy: the way forward, the gradients by hand, Adam, and row-wise Adagrad.

One core, some ten thousand words a second. The same data, seed and BLAS give the same weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from tools.names.encoding import IGNORED, NO_PERSON, Encoded, Rows
from tools.names.swapping import Swapping

from promptguard.detectors.names.network.features import ROWS
from promptguard.detectors.names.network.tokens import GAPS
from promptguard.detectors.names.network.weights import DILATIONS, LABEL_COUNT

type Floats = npt.NDArray[np.float32]
type Integers = npt.NDArray[np.int64]

_ALLOWED: Final = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1]], dtype=np.float32)
"""Which outputs are right for each class; from the end, for `NO_PERSON` and `IGNORED`."""

EDGE: Final = max(DILATIONS)
"""Zeros between two samples: no layer looks further."""

_WARM_UP: Final = 200
"""Steps in which the rates rise at the very beginning."""

REPORT_EVERY: Final = 100
"""Steps between two reports."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is trained."""

    width: int = 64
    words_a_step: int = 4_096
    passes: int = 1
    """Over all samples."""
    rate: tuple[float, float] = (2e-3, 0.0)
    """Adam's, at the first step and after the last; it falls in a line."""
    table_rate: tuple[float, float] = (0.06, 0.0)
    """Adagrad's, the same."""
    unknown: tuple[float, float, float] = (0.12, 0.30, 0.20)
    """How often a word is shown as if nobody had ever seen it: one that is none, of a person, of a place."""
    weights: tuple[float, float, float] = (1.0, 1.5, 1.0)
    """What a word counts in the loss, by what it is."""
    swapped: float = 0.4
    """How many of the words of names are exchanged at each step; see `Swapping`."""
    dropout: float = 0.1
    """Of the numbers that stand for a word, how many are left out."""
    seed: int = 11


@dataclass(slots=True)
class State:
    """All that changes in training."""

    parameters: dict[str, Floats]
    table: Floats
    table_squares: Floats
    """Adagrad's sum for each row."""
    means: dict[str, Floats] = field(default_factory=dict)
    squares: dict[str, Floats] = field(default_factory=dict)
    step: int = 0
    earlier: int = 0
    """Of the steps, those that were taken with other samples."""
    passes: int = 0
    """Whole ones over all samples."""

    def save(self, file: Path) -> None:
        """Write to a file, as a whole or not at all."""
        arrays = {"table": self.table, "table_squares": self.table_squares, "step": np.array(self.step)}
        arrays |= {"earlier": np.array(self.earlier), "passes": np.array(self.passes)}
        for kind in ("parameters", "means", "squares"):
            arrays |= {f"{kind}:{name}": array for name, array in getattr(self, kind).items()}
        partial = file.with_suffix(".partial.npz")
        np.savez(partial, **arrays)
        partial.replace(file)

    @classmethod
    def load(cls, file: Path) -> State:
        """Read what `save` wrote."""
        arrays = np.load(file)
        kinds: dict[str, dict[str, Floats]] = {"parameters": {}, "means": {}, "squares": {}}
        for name in arrays.files:
            kind, _, rest = name.partition(":")
            if rest:
                kinds[kind][rest] = arrays[name]
        return cls(
            kinds["parameters"],
            arrays["table"],
            arrays["table_squares"],
            kinds["means"],
            kinds["squares"],
            int(arrays["step"]),
            int(arrays["earlier"]),
            int(arrays["passes"]),
        )


def fresh(plan: Plan) -> State:
    """The state before the first step."""
    chance = np.random.default_rng(plan.seed)
    width = plan.width

    def normal(*shape: int, scale: float) -> Floats:
        return (chance.standard_normal(shape) * scale).astype(np.float32)

    parameters = {"gaps": normal(GAPS, width, scale=0.1), "head": normal(width, LABEL_COUNT, scale=0.05)}
    parameters["head_bias"] = np.zeros(LABEL_COUNT, dtype=np.float32)
    for layer in range(len(DILATIONS)):
        parameters[f"kernel{layer}"] = normal(3 * width, width, scale=(1.0 / (3 * width)) ** 0.5)
        parameters[f"bias{layer}"] = np.zeros(width, dtype=np.float32)
    state = State(parameters, normal(ROWS, width, scale=0.08), np.zeros((ROWS, 1), dtype=np.float32))
    for name, value in parameters.items():
        state.means[name] = np.zeros_like(value)
        state.squares[name] = np.zeros_like(value)
    return state


def batches(data: Encoded, plan: Plan, number: int) -> Iterator[Integers]:
    """The samples of one pass, in an order of its own, as many at a time as make up a step."""
    order = np.random.default_rng([plan.seed, number]).permutation(len(data.starts) - 1)
    lengths = np.diff(data.starts)[order] + EDGE
    steps = np.minimum(lengths.cumsum() // plan.words_a_step, 2**31)
    cuts = np.flatnonzero(np.diff(steps)) + 1
    yield from np.split(order, cuts)


def places_of(data: Encoded, samples: Integers) -> Integers:
    """The words of some samples, with `EDGE` times -1 between, before and after."""
    edge = np.full(EDGE, -1, dtype=np.int64)
    parts = [edge]
    for sample in samples:
        parts += [np.arange(data.starts[sample], data.starts[sample + 1]), edge]
    return np.concatenate(parts)


class Trainer:
    """Takes steps."""

    def __init__(self, data: Encoded, known: Rows, unknown: Rows, plan: Plan, state: State | None = None) -> None:
        """`known` and `unknown` are the features of the data's words, each in the other's order."""
        self.data = data
        self.plan = plan
        self.state = state or fresh(plan)
        self._count = len(data.words)
        self._swapping = Swapping(data)
        self._local = np.zeros(ROWS, dtype=np.int64)
        self._rows = np.concatenate((known.rows, unknown.rows)).astype(np.int64)
        self._starts = np.concatenate((known.starts, unknown.starts[1:] + known.starts[-1]))
        self.steps_a_pass = max(1, int((np.diff(data.starts) + EDGE).sum() // plan.words_a_step))

    @property
    def steps(self) -> int:
        """Steps with these samples."""
        return self.steps_a_pass * self.plan.passes

    def run(self, report: Callable[[int, float], None], checkpoint: Path | None = None, minutes: float = 1e9) -> None:
        """Train until the plan is done, or for some minutes; an interrupted pass begins anew.

        `report` gets the step and the mean loss of a word every `REPORT_EVERY` steps.
        """
        began, losses = time.monotonic(), []
        for number in range(self.state.passes, self.plan.passes):
            chance = np.random.default_rng([self.plan.seed, number, 1])
            for samples in batches(self.data, self.plan, number):
                losses.append(self._step(samples, chance))
                if self.state.step % REPORT_EVERY == 0:
                    report(self.state.step, float(np.mean(losses)))
                    losses = []
                if time.monotonic() - began > minutes * 60:
                    return
            self.state.passes += 1
            if checkpoint:
                self.state.save(checkpoint)

    def _step(self, samples: Integers, chance: np.random.Generator) -> float:
        places = places_of(self.data, samples)
        real = places >= 0
        classes = np.where(real, self.data.classes[places], IGNORED).astype(np.int64)
        types = self.data.types[places].astype(np.int64)
        types = self._swapping.swapped(places, types, self.plan.swapped, chance)
        chances = np.array(self.plan.unknown)[np.where(classes == NO_PERSON, 2, np.clip(classes, 0, None))]
        types += self._count * (chance.random(len(types)) < chances)
        used, inverse = np.unique(types[real], return_inverse=True)
        rows, counts = self._rows_of(used)
        touched = np.flatnonzero(np.bincount(rows, minlength=ROWS))
        self._local[touched] = np.arange(len(touched))
        # Which rows each word is the sum of, and which word stands where, as sparse matrices of ones.
        of_rows = _ones(self._local[rows], np.concatenate(([0], counts.cumsum())), len(touched))
        of_words = _ones(inverse, np.arange(len(inverse) + 1), len(used))
        sums = of_rows @ self.state.table[touched]
        mask = real[:, None].astype(np.float32)
        keep = (chance.random((len(places), self.plan.width), dtype=np.float32) >= self.plan.dropout).astype(np.float32)
        keep *= mask / (1.0 - self.plan.dropout)
        x = np.zeros((len(places), self.plan.width), dtype=np.float32)
        x[real] = sums[inverse]
        gaps = self.data.gaps[places].astype(np.int64)
        x += self.state.parameters["gaps"][gaps]
        x *= keep
        loss, gradients, dx = _gradients(self.state.parameters, x, mask, classes, np.array(self.plan.weights))
        dx *= keep
        gradients["gaps"] = np.stack([dx[(gaps == gap) & real].sum(axis=0) for gap in range(GAPS)])
        # The same word's gradients are added up, then those of all words on each row.
        self._update(gradients, touched, of_rows.T @ (of_words.T @ dx[real]))
        return loss

    def _rows_of(self, types: Integers) -> tuple[Integers, Integers]:
        firsts, counts = self._starts[types], self._starts[types + 1] - self._starts[types]
        before = np.repeat(counts.cumsum() - counts, counts)
        return self._rows[np.repeat(firsts, counts) + np.arange(counts.sum()) - before], counts

    def _update(self, gradients: dict[str, Floats], touched: Integers, drows: Floats) -> None:
        state, plan = self.state, self.plan
        state.step += 1
        done = min(1.0, (state.step - state.earlier) / self.steps)
        rate, table_rate = (
            (first + (last - first) * done) * min(1.0, state.step / _WARM_UP)
            for first, last in (plan.rate, plan.table_rate)
        )
        correction = (1 - 0.999**state.step) ** 0.5 / (1 - 0.9**state.step)
        for name, gradient in gradients.items():
            mean, square = state.means[name], state.squares[name]
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            state.parameters[name] -= rate * correction * mean / (np.sqrt(square) + 1e-8)
        squares = state.table_squares[touched] + np.mean(drows * drows, axis=1, keepdims=True)
        state.table_squares[touched] = squares
        state.table[touched] -= table_rate * drows / (np.sqrt(squares) + 1e-8)


def forward(parameters: dict[str, Floats], x: Floats, mask: Floats) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """The logits, and of each layer what it read and what it added."""
    kept: list[tuple[Floats, Floats]] = []
    for layer, dilation in enumerate(DILATIONS):
        columns = _columns(x, dilation)
        hidden = columns @ parameters[f"kernel{layer}"]
        hidden += parameters[f"bias{layer}"]
        np.maximum(hidden, 0.0, out=hidden)
        hidden *= mask
        kept.append((columns, hidden))
        x = x + hidden
    kept.append((x, x))
    return x @ parameters["head"] + parameters["head_bias"], kept


def _gradients(
    parameters: dict[str, Floats], x: Floats, mask: Floats, classes: Integers, weights: npt.NDArray[np.float64]
) -> tuple[float, dict[str, Floats], Floats]:
    """The loss, the gradients of all parameters but the gaps', and that of `x`."""
    logits, kept = forward(parameters, x, mask)
    logits -= logits.max(axis=1, keepdims=True)
    probabilities = np.exp(logits)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    count = np.where(classes == IGNORED, 0.0, weights[np.clip(classes, 0, None)]).astype(np.float32)
    total = max(float(count.sum()), 1.0)
    # Of a word that may be one of two, the two probabilities together are to be 1 (Cour et al. 2011, Learning from
    # Partial Labels).
    own = probabilities * _ALLOWED[classes]
    sums = own.sum(axis=1, keepdims=True) + 1e-9
    loss = float((-np.log(sums[:, 0]) * count).sum() / total)
    dlogits = (probabilities - own / sums) * (count / total)[:, None]
    last = kept.pop()[0]
    gradients = {"head": last.T @ dlogits, "head_bias": dlogits.sum(axis=0)}
    dx = dlogits @ parameters["head"].T
    for layer in reversed(range(len(DILATIONS))):
        columns, hidden = kept[layer]
        dhidden = dx * (hidden > 0)
        gradients[f"kernel{layer}"] = columns.T @ dhidden
        gradients[f"bias{layer}"] = dhidden.sum(axis=0)
        dx = dx + _uncolumned(dhidden @ parameters[f"kernel{layer}"].T, DILATIONS[layer])
    return loss, gradients, dx


def _columns(x: Floats, dilation: int) -> Floats:
    """Beside each row the one `dilation` before and after it, zeros beyond the ends."""
    width = x.shape[1]
    columns = np.zeros((len(x), 3 * width), dtype=np.float32)
    columns[dilation:, :width] = x[:-dilation]
    columns[:, width : 2 * width] = x
    columns[:-dilation, 2 * width :] = x[dilation:]
    return columns


def _uncolumned(dcolumns: Floats, dilation: int) -> Floats:
    """The gradient of `_columns`' argument."""
    width = dcolumns.shape[1] // 3
    dx = dcolumns[:, width : 2 * width].copy()
    dx[:-dilation] += dcolumns[dilation:, :width]
    dx[dilation:] += dcolumns[:-dilation, 2 * width :]
    return dx


def _ones(columns: Integers, starts: Integers, width: int) -> csr_array:
    """A matrix with ones in these columns, row after row; `starts` says where each row's begin."""
    return csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(starts) - 1, width))
