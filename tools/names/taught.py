"""Labels that a model gave to texts which nobody labelled, kept as places alone: the texts are their authors'."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.names.samples import Sample
from tools.names.sources import SourceError

FOLDER: Final = Path(__file__).parent / "taught"


def taught(source: str, samples: Sequence[Sample]) -> list[Sample]:
    """The samples with the recorded labels of the source.

    Raises:
        SourceError: none are recorded, or those of other texts.
    """
    file = FOLDER / f"{_stem(source)}.json.gz"
    try:
        recorded = json.loads(gzip.decompress(file.read_bytes()))
    except FileNotFoundError:
        raise SourceError(f"{file} is missing. `python -m tools.names.teacher` makes it.") from None
    if recorded["texts"] != _digest(samples):
        raise SourceError(f"{file} has the labels of other texts. `python -m tools.names.teacher` makes new ones.")
    return [
        Sample(sample.text, tuple((start, end, label) for start, end, label in labels), sample.language)
        for sample, labels in zip(samples, recorded["labels"], strict=True)
    ]


def record(source: str, samples: Sequence[Sample], folder: Path = FOLDER) -> Path:
    """Write the labels of all texts of a source; returns the file."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{_stem(source)}.json.gz"
    content = json.dumps(
        {"texts": _digest(samples), "labels": [sample.labels for sample in samples]}, separators=(",", ":")
    )
    file.write_bytes(gzip.compress(content.encode(), mtime=0))
    return file


def _digest(samples: Sequence[Sample]) -> str:
    """SHA-256 of the texts, in hexadecimal."""
    return hashlib.sha256("\0".join(sample.text for sample in samples).encode()).hexdigest()


def _stem(source: str) -> str:
    return Path(source).name.split(".")[0]
