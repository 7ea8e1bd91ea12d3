"""All samples of a training: the sources', their copies with other names, and the templates'."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.names.augment import pieces, varied
from tools.names.exchange import Names, exchanged
from tools.names.pools import places, pools
from tools.names.samples import Sample
from tools.names.sources import read, sources
from tools.names.teacher import Teacher, labelled
from tools.names.templates import generated

_HELD_BACK: Final = 33
"""Of so many texts one is not trained on, and shows when to stop."""


@dataclass(frozen=True, slots=True)
class Data:
    """What is trained on, and what is held back of the same origin."""

    training: list[Sample]
    held_back: list[Sample]


def gather(folders: Sequence[Path], work: Path, *, generate: int, seed: int, log: Callable[[str], None]) -> Data:
    """All samples, from the sources in `folders`; the teacher's labels are kept in `work`.

    Raises:
        SourceError: a source is missing or another one than was recorded.
    """
    chance = random.Random(seed)
    names = Names(pools(), places(), chance)
    teacher: Teacher | None = None
    training: list[Sample] = []
    held_back: list[Sample] = []
    for source in sources():
        samples = list(read(source, folders))
        if not source.labels:
            teacher = teacher or Teacher(work)
            samples = labelled(samples, teacher, work, Path(source.file).name.split(".")[0])
        held = [sample for sample in samples if zlib.crc32(sample.text.encode()) % _HELD_BACK == 0]
        kept = [sample for sample in samples if zlib.crc32(sample.text.encode()) % _HELD_BACK]
        held_back += held
        copies = list(kept)
        for _ in range(source.exchange):
            copies += [exchanged(sample, names) for sample in kept if sample.labels]
        cut = [varied(sample, chance) for sample in pieces(copies, chance)]
        training += cut
        log(f"{source.file}: {len(samples)} texts, {len(cut)} samples")
    made = [varied(sample, chance) for sample in pieces(list(generated(generate, names)), chance)]
    log(f"templates: {len(made)} samples")
    return Data(training + made, held_back)
