"""The AI services of the registry as its files say it now, and what was seen that is in none of them."""

from __future__ import annotations

from promptguard.configuration.bundle import Bundle
from promptguard.configuration.bundle_store import BundleStore
from promptguard.destinations.sightings import SightingStore
from promptguard.runtime.coverage import Unlisted, first_day, unlisted


class KnownServices:
    """For any thread, as long as a console runs: files that change are taken up when somebody looks."""

    def __init__(self, bundles: BundleStore, sightings: SightingStore) -> None:
        self._bundles = bundles
        self._sightings = sightings

    def bundle(self) -> Bundle:
        """The last good version of the configuration."""
        self._bundles.refresh()
        return self._bundles.current

    @property
    def problem(self) -> str:
        """What keeps the files from being taken up as they are now; empty for nothing."""
        return str(self._bundles.problem or "")

    def unlisted(self, days: int) -> list[Unlisted]:
        """Hosts that look like AI services and are not listed, seen in the last days, the most frequent first.

        Raises:
            StorageError: the database cannot be read.
        """
        return unlisted(self._bundles.current.registry, self._sightings.since(first_day(days)))
