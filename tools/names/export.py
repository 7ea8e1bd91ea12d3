"""From what was trained to what is shipped: the table in 8 bits, all else in 16, and the file's hash in the source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tools.names.training import State

from promptguard.detectors.names.network.weights import DILATIONS, Weights, write_weights

FOLDER: Final = Path(__file__).parents[2] / "src/promptguard/detectors/names/network"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How the last layer's outputs are changed, so that probabilities mean what the thresholds take them to mean.

    Training alone makes them surer or less sure than those of the model that the thresholds were made for. They are
    divided by `temperature`, and `person` and `location` added for the two classes (Guo et al. 2017, On Calibration of
    Modern Neural Networks).
    """

    temperature: float = 1.0
    person: float = 0.0
    location: float = 0.0


SHIPPED: Final = Adjustment(1.1, 0.3, 0.5)
"""From a grid over held-back texts and template prompts."""

_DIGEST: Final = '"""Written by `tools/names/export.py`, with the weights."""\n\nSHA256 = "{}"\n'


def quantised(state: State, adjustment: Adjustment = Adjustment()) -> Weights:
    """The state's weights, adjusted, each row of the table in 8 bits with a scale of its own.

    Rows that nothing was learned for are left as zeros: words that nobody saw are made of known parts.
    """
    table = np.where(state.table_squares > 0, state.table, 0.0)
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127, 1e-6).astype(np.float16).astype(np.float32)
    adjusted = state.parameters | {
        "head": state.parameters["head"] / adjustment.temperature,
        "head_bias": state.parameters["head_bias"] / adjustment.temperature
        + np.array([0.0, adjustment.person, adjustment.location], dtype=np.float32),
    }
    parameters = {name: value.astype(np.float16).astype(np.float32) for name, value in adjusted.items()}
    return Weights(
        np.clip(np.round(table / scales), -127, 127).astype(np.int8),
        scales,
        parameters["gaps"],
        tuple(parameters[f"kernel{layer}"] for layer in range(len(DILATIONS))),
        tuple(parameters[f"bias{layer}"] for layer in range(len(DILATIONS))),
        parameters["head"],
        parameters["head_bias"],
    )


def export(state: State, folder: Path = FOLDER) -> str:
    """Write the weights into the package; returns their SHA-256."""
    content = write_weights(quantised(state, SHIPPED))
    digest = hashlib.sha256(content).hexdigest()
    (folder / "weights.bin").write_bytes(content)
    (folder / "digest.py").write_text(_DIGEST.format(digest), "utf-8")
    return digest
