"""Passages of registered documents and of registered source code, recognised without holding them."""

from __future__ import annotations

import asyncio
import bisect
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from promptguard.detectors.fingerprints.index import FingerprintIndex
from promptguard.detectors.fingerprints.normalise import Normalised
from promptguard.detectors.fingerprints.passages import Passage, find_passages
from promptguard.detectors.fingerprints.scheme import DOCUMENTS, SOURCES, Scheme
from promptguard.detectors.fingerprints.store import Busy, FingerprintStore
from promptguard.detectors.fingerprints.winnowing import Winnower
from promptguard.detectors.interface import Detector, DetectorContext, DetectorFactory, find_in_each
from promptguard.errors import ConfigError
from promptguard.model import Match, Segment

THREAD_CHARACTERS = 16_000
"""Texts longer than this together are searched in a thread: about a millisecond's worth."""
_MAX_WORD_LENGTH = 40
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n")
_SURE_CHARACTERS = 240
_LOWEST_SCORE = 0.8


class FingerprintDetector(Detector):
    """Finds passages of the texts in an index file. A file that does not exist at the start is an index of nothing."""

    lasting = True

    def __init__(self, scheme: Scheme, path: Path, key: bytes, *, common_in: int) -> None:
        """Take what `start` needs.

        Args:
            scheme: `DOCUMENTS` or `SOURCES`.
            path: the index file.
            key: under which the texts were registered.
            common_in: what stands in more registered texts than this counts for nothing.
        """
        self.id = scheme.id
        self.source = scheme.source
        self._scheme = scheme
        self._path = path
        self._store = FingerprintStore(path, key, scheme)
        self._winnower = Winnower(key, k=scheme.k, window=scheme.window)
        self._common_in = common_in
        self._index = FingerprintIndex.empty()
        self._state: tuple[int, int, int] | None = None

    @property
    def version(self) -> str:  # type: ignore[override]  # an attribute of the interface, here of the index that is in use
        """The hash of the index in use."""
        return f"{self._scheme.version} {self._index.version}"

    async def start(self) -> None:
        """Load the index.

        Raises:
            ConfigError, Busy: see `reload`.
        """
        await asyncio.to_thread(self.reload)

    def reload(self) -> bool:
        """See `Detector.reload`.

        Raises:
            ConfigError: the new file is no good or gone; the index in use stays.
            Busy: at the first time, the file is being written.
        """
        try:
            status = self._path.stat()
        except OSError:
            if self._state is None:
                return False
            remedy = f"restore it, or run `promptguard {self._scheme.id} add` again"
            raise ConfigError(self._path, None, "is gone", remedy) from None
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        if state == self._state:
            return False
        try:
            self._index = FingerprintIndex.load(self._store, self._common_in)
        except Busy:
            if self._state is None:
                raise
            return False
        self._state = state
        return True

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`."""
        index = self._index
        if not len(index):
            return [[] for _ in segments]
        return await find_in_each(segments, partial(self._search, index), in_loop=THREAD_CHARACTERS)

    def _search(self, index: FingerprintIndex, text: str) -> list[Match]:
        if len(text) < self._scheme.minimum // 3:  # a ligature stands for three letters at the most
            return []
        normalised = self._scheme.normalise(text)
        if len(normalised) < self._scheme.minimum:
            return []
        fingerprints = self._winnower(normalised.codes)
        passages = find_passages(index, fingerprints, normalised.positions, self._scheme)
        return [self._match(index, text, normalised, passage) for passage in passages]

    def _match(self, index: FingerprintIndex, text: str, normalised: Normalised, passage: Passage) -> Match:
        owner = index.owners[passage.owner]
        beyond = passage.covered - self._scheme.minimum
        return Match(
            self._start(text, normalised.positions, passage.start),
            self._end(text, normalised.positions, passage.end),
            self._scheme.entity_type,
            round(min(1.0, _LOWEST_SCORE + (1 - _LOWEST_SCORE) * beyond / _SURE_CHARACTERS), 3),
            self._scheme.detector,
            owner.data_class,
            owner.name,
        )

    # Up to a window's length of a passage may lie before its first fingerprint and after its last one. That much is
    # taken for a part of it, to its paragraph's end at most: better a few words too many than the end of a secret.

    def _start(self, text: str, positions: np.ndarray, first: int) -> int:
        near = positions[max(0, first - self._scheme.window + 1) : first + 1].tolist()
        start: int = near[0]
        blanks = list(_BLANK_LINE.finditer(text, start, near[-1]))
        if blanks:
            start = near[bisect.bisect_left(near, blanks[-1].end())]
        lowest = max(0, start - _MAX_WORD_LENGTH)
        while start > lowest and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        return start

    def _end(self, text: str, positions: np.ndarray, last: int) -> int:
        near = positions[last - 1 : last + self._scheme.window - 1].tolist()
        end: int = near[-1] + 1
        blank = _BLANK_LINE.search(text, near[0] + 1, end)
        if blank:
            end = near[bisect.bisect_left(near, blank.start()) - 1] + 1
        highest = min(len(text), end + _MAX_WORD_LENGTH)
        while end < highest and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
        return end


def _documents(context: DetectorContext) -> FingerprintDetector:
    section = context.settings.documents
    return FingerprintDetector(
        DOCUMENTS, context.at(section.index), context.keys.documents, common_in=section.common_in
    )


def _sources(context: DetectorContext) -> FingerprintDetector:
    section = context.settings.sources
    return FingerprintDetector(SOURCES, context.at(section.index), context.keys.sources, common_in=section.common_in)


DOCUMENTS_FACTORY = DetectorFactory(DOCUMENTS.id, _documents, frozenset({DOCUMENTS.entity_type}))
SOURCES_FACTORY = DetectorFactory(SOURCES.id, _sources, frozenset({SOURCES.entity_type}))
