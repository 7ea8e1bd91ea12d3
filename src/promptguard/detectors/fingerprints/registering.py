"""Texts into the index: what of them is kept, and which are refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from promptguard.detectors.fingerprints.scheme import Scheme
from promptguard.detectors.fingerprints.store import Details, FingerprintStore, IndexEntry
from promptguard.detectors.fingerprints.winnowing import Winnower
from promptguard.errors import Unreadable
from promptguard.model import DataClass
from promptguard.reasons import Code, Reason

type TextReader = Callable[[Path], str]
"""Reads the text of a file, or raises `Unreadable`."""

_BATCH = 200
"""Texts written to the index at once."""
_LEAST_VARIETY = 7
"""Different characters that a k-gram must have: a row of figures or dashes is nobody's."""
_VARIETY_CHUNK = 1 << 13


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not registered."""

    path: Path
    reason: Reason


class Fingerprinter:
    """Makes the fingerprints by which a text is recognised."""

    def __init__(self, scheme: Scheme, key: bytes) -> None:
        self.scheme = scheme
        self._winnower = Winnower(key, k=scheme.k, window=scheme.window)

    def __call__(self, text: str) -> np.ndarray:
        """The fingerprints of a text, sorted, each once."""
        codes = self.scheme.normalise(text).codes
        found = self._winnower(codes)
        varied = np.zeros(len(found), dtype=bool)
        for start in range(0, len(found), _VARIETY_CHUNK):
            part = found.positions[start : start + _VARIETY_CHUNK]
            grams = np.sort(codes[part[:, None] + np.arange(self.scheme.k)], axis=1)
            varied[start : start + len(part)] = 1 + (grams[:, 1:] != grams[:, :-1]).sum(axis=1) >= _LEAST_VARIETY
        return np.unique(found.values[varied])

    def long_enough(self, fingerprints: np.ndarray) -> bool:
        """Whether passages of a text with these fingerprints can be found at all."""
        return len(fingerprints) >= self.scheme.minimum // self.scheme.k


def name_documents(paths: Iterable[Path], name: str | None) -> list[tuple[str, Path]]:
    """What each file is called, folders searched to their ends: its name, or its path within the folder given.

    Hidden files and folders are left out, unless they are given themselves.

    Raises:
        ValueError: two files would have one name, or `name` is given for more than one file.
    """
    named = list(itertools.chain.from_iterable(map(_files, paths)))
    if name is not None:
        if len(named) != 1:
            raise ValueError(f"one name for {len(named)} files")
        return [(name, named[0][1])]
    seen: dict[str, Path] = {}
    for called, path in named:
        other = seen.setdefault(called, path)
        if other.absolute() != path.absolute():
            raise ValueError(f"{other} and {path} would both be called {called}: add one of them alone, with a name")
    return list(seen.items())


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield path.name, path
        return
    for file in sorted(path.rglob("*")):
        within = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in within.parts):
            yield within.as_posix(), file


def register_documents(
    files: Sequence[tuple[str, Path]],
    store: FingerprintStore,
    fingerprinter: Fingerprinter,
    read_text: TextReader,
    *,
    data_class: DataClass,
    boilerplate: bool = False,
) -> Iterator[Refused]:
    """Register each file under its name, in place of what has that name already; those refused come out.

    Files are written to the index some hundreds at a time, so that one that comes to an untimely end has done a part.

    Raises:
        ConfigError, Busy: see `FingerprintStore.put`.
    """
    for batch in itertools.batched(files, _BATCH):
        entries = []
        for name, path in batch:
            try:
                text = read_text(path)
            except Unreadable as error:
                yield Refused(path, error.reason)
                continue
            fingerprints = fingerprinter(text)
            if not boilerplate and not fingerprinter.long_enough(fingerprints):
                yield Refused(path, Reason(Code.TEXT_TOO_SHORT))
                continue
            details = Details(name, data_class, now(), len(text), boilerplate=boilerplate)
            entries.append(IndexEntry(details, fingerprints))
        if entries:
            store.put(entries)


def now() -> str:
    """The time at which a text is added."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
