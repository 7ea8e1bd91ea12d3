"""Stages' samples as arrays, made in a process beside the training and handed over in a file."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from tools.names.data import Texts
from tools.names.encoding import Encoded, Rows, encode, rows_of
from tools.names.recipe import Stage
from tools.names.samples import Sample

from promptguard.detectors.names.network.features import shipped_lists

type Drawing = tuple[Encoded, Rows, Rows]
"""The words of all samples, and the features of the different ones, known and as if nobody had seen them."""

_folders: list[Path] = []
_texts: list[Texts] = []
"""Those of this process, read when they are first needed."""
_BETWEEN: Final = "\0"
"""What stands between two words in the file; in none of them."""


def prepare(folders: Sequence[Path]) -> None:
    """Say where the sources are, in the process that draws."""
    if hasattr(os, "nice"):
        os.nice(5)  # the training goes first
    _folders[:] = folders


def _of_this_process() -> Texts:
    if not _texts:
        _texts.append(Texts(_folders))
    return _texts[0]


def make(stage: Stage, work: Path) -> Path:
    """The drawing of a stage, in a file of the folder.

    Raises:
        SourceError: a source is missing or another one than was recorded.
    """
    file = work / f"drawing-{stage.name}.npz"
    if not file.exists():
        began = time.monotonic()
        samples = _of_this_process().drawing(
            seed=stage.seed, share=stage.share, sentences=stage.sentences, log=lambda line: None
        )
        encoded = encode(samples)
        lists = shipped_lists()
        known, unknown = (rows_of(encoded.words, lists, known=each) for each in (True, False))
        arrays = {"words": np.frombuffer(_BETWEEN.join(encoded.words).encode(), dtype=np.uint8)}
        for name in ("types", "gaps", "classes", "starts"):
            arrays[name] = getattr(encoded, name)
        for name, rows in (("known", known), ("unknown", unknown)):
            arrays |= {f"{name}_rows": rows.rows, f"{name}_starts": rows.starts}
        partial = file.with_suffix(".partial.npz")
        np.savez(partial, **arrays)
        partial.replace(file)
        print(f"drawn for {stage.name}: {len(samples)} samples in {time.monotonic() - began:.0f} s", flush=True)
    return file


def load(file: Path) -> Drawing:
    """What `make` wrote."""
    with np.load(file) as arrays:
        words = arrays["words"].tobytes().decode().split(_BETWEEN)
        encoded = Encoded(words, arrays["types"], arrays["gaps"], arrays["classes"], arrays["starts"])
        known, unknown = (Rows(arrays[f"{name}_rows"], arrays[f"{name}_starts"]) for name in ("known", "unknown"))
        return encoded, known, unknown


def held_back() -> list[Sample]:
    """The texts that no stage sees."""
    return [sample for _, sample in _of_this_process().held_back]
