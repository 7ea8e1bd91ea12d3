"""All samples of one stage: the sources', their copies with other names, and the templates'."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tools.names.augment import pieces, varied
from tools.names.exchange import Names, exchanged
from tools.names.pools import places, pools
from tools.names.samples import Sample
from tools.names.sources import Source, read, sources
from tools.names.taught import taught
from tools.names.templates import generated

_HELD_BACK: Final = 33
"""Of so many texts one is not trained on: thresholds and scores are chosen by these."""


class Texts:
    """The sources' texts, read once, of which each stage draws its own samples."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Raises:
        SourceError: a source is missing or another one than was recorded.
        """
        self._read: list[tuple[Source, list[Sample]]] = []
        self.held_back: list[tuple[str, Sample]] = []
        """Each with its source's file."""
        for source in sources():
            samples = list(read(source, folders))
            if not source.labels:
                samples = taught(source.file, samples)
            self.held_back += [(source.file, sample) for sample in samples if _is_held_back(sample)]
            self._read.append((source, [sample for sample in samples if not _is_held_back(sample)]))

    def drawing(self, *, seed: int, share: float, sentences: int, log: Callable[[str], None]) -> list[Sample]:
        """The samples of a stage: a `share` of the texts with and without other names, and `sentences` from templates.

        The same arguments give the same samples.
        """
        chance = random.Random(seed)
        names = Names(pools(), places(), chance)
        drawn: list[Sample] = []
        for source, samples in self._read:
            kept = [sample for sample in samples if chance.random() < share]
            copies = list(kept)
            for _ in range(source.exchange):
                copies += [exchanged(sample, names) for sample in kept if sample.labels]
            cut = [varied(sample, chance) for sample in pieces(copies, chance)]
            drawn += cut
            log(f"{source.file}: {len(kept)} texts, {len(cut)} samples")
        made = [varied(sample, chance) for sample in pieces(list(generated(sentences, names)), chance)]
        log(f"templates: {len(made)} samples")
        return drawn + made


def _is_held_back(sample: Sample) -> bool:
    return zlib.crc32(sample.text.encode()) % _HELD_BACK == 0
