"""Labels for texts that have none, by the model that was used before: Rampart, with all rules and lists around it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from tools.names.samples import DOUBT, Label, Sample
from tools.names.sources import read, sources
from tools.names.taught import record

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


def main(arguments: list[str] | None = None) -> int:
    """Label the sources that have no labels and record what was said; the runtime's rules of today go into that."""
    parser = argparse.ArgumentParser(prog="python -m tools.names.teacher", description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+", help="folders with the files that sources.toml lists")
    parser.add_argument("--work", type=Path, default=Path(".make/names"), help="folder for Rampart's weights")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(options.work)
    for source in sources():
        if not source.labels:
            print(record(source.file, [teacher.label(sample) for sample in read(source, options.sources)]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
