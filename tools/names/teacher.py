"""Labels for texts that have none, by the model that was used before: Rampart, with all rules and lists around it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tools.names.samples import DOUBT, Label, Sample

from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.model_thresholds import THRESHOLDS
from promptguard.detectors.names.rampart import Rampart
from promptguard.detectors.names.span_assembly import assemble

DOUBTFUL: Final = (0.2, 0.9)
"""Between these probabilities a word outside of all spans teaches neither."""
_SURE: Final = 0.3
"""A span below it is in doubt."""


class Teacher:
    """Rampart, loaded."""

    def __init__(self, weights_cache: Path) -> None:
        self._model = Rampart(cache=weights_cache)

    def label(self, sample: Sample) -> Sample:
        """The sample with the teacher's labels in place of its own."""
        words = self._model.words(sample.text)
        spans = assemble(sample.text, words, THRESHOLDS[ModelKind.RAMPART])
        labels: list[Label] = [
            (span.start, span.end, span.entity_type if span.score >= _SURE else DOUBT) for span in spans
        ]
        for word in words:
            inside = any(span.start <= word.start < span.end for span in spans)
            if not inside and DOUBTFUL[0] < max(word.person, word.location) < DOUBTFUL[1]:
                labels.append((word.start, word.end, DOUBT))
        return Sample(sample.text, tuple(sorted(labels)), sample.language)


def labelled(samples: Sequence[Sample], teacher: Teacher, folder: Path, name: str) -> list[Sample]:
    """The samples with the teacher's labels, kept in `folder` under a hash of the texts."""
    digest = hashlib.sha256("\0".join(sample.text for sample in samples).encode()).hexdigest()[:16]
    kept = folder / f"teacher-{name}-{digest}.jsonl.gz"
    if not kept.exists():
        fresh = [teacher.label(sample) for sample in samples]
        content = "".join(json.dumps([each.text, each.labels, each.language]) + "\n" for each in fresh)
        partial = kept.with_suffix(".partial")
        partial.write_bytes(gzip.compress(content.encode(), mtime=0))
        partial.replace(kept)
    return list(_read(gzip.decompress(kept.read_bytes()).decode().splitlines()))


def _read(lines: Iterable[str]) -> Iterator[Sample]:
    for line in lines:
        text, labels, language = json.loads(line)
        yield Sample(text, tuple((start, end, label) for start, end, label in labels), language)
