"""Customers' data, recognised without holding it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from promptguard.detectors.interface import Detector, DetectorFactory
from promptguard.detectors.tenants.index import TenantIndex
from promptguard.detectors.tenants.kinds import FACTS
from promptguard.errors import ConfigError
from promptguard.model import Match, Segment

THREAD_CHARACTERS = 10_000
"""Texts longer than this together are searched in a thread."""


class TenantDetector(Detector):
    """Finds customers' data by an index file. A file that does not exist at the start is an index of no customers."""

    id = "tenants"
    lasting = True
    source = "customers"

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._index = TenantIndex(None)
        self._state: tuple[int, int, int] | None = None
        self._refused: tuple[tuple[int, int, int], ConfigError] | None = None
        """A file that was no good, so that it is not read again and again."""

    @property
    def version(self) -> str:  # type: ignore[override]  # an attribute of the interface, here of the index that is in use
        """The hash of the index in use."""
        return self._index.version

    async def start(self) -> None:
        """Load the index.

        Raises:
            ConfigError: see `TenantIndex.load`.
        """
        await asyncio.to_thread(self.reload)

    def reload(self) -> bool:
        """See `Detector.reload`.

        Raises:
            ConfigError: the new file is no good or gone; the index in use stays.
        """
        try:
            status = self._path.stat()
        except OSError:
            if self._state is None:
                return False
            raise ConfigError(self._path, None, "is gone", "Build the index again from the CSV.") from None
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        if state == self._state:
            return False
        if self._refused and self._refused[0] == state:
            raise self._refused[1]
        try:
            self._index = TenantIndex.load(self._path, self._key)
        except ConfigError as error:
            self._refused = state, error
            raise
        self._state = state
        return True

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`."""
        texts = [segment.text for segment in segments]
        if sum(map(len, texts)) > THREAD_CHARACTERS:
            return await asyncio.to_thread(self._index.find_each, texts)
        return self._index.find_each(texts)


FACTORY = DetectorFactory(
    TenantDetector.id,
    lambda context: TenantDetector(context.at(context.settings.tenants.index), context.keys.tenants),
    frozenset(facts.entity_type for facts in FACTS.values()),
)
