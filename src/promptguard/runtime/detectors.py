"""All detectors of a configuration, and how they change with it while running."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from promptguard.configuration.bundle import Bundle
from promptguard.detectors.false_alarms import FalseAlarm, as_allow_list
from promptguard.detectors.interface import Detector, DetectorContext
from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.names.second_look import second_look as make_second_look
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.detectors.registry import create_detectors
from promptguard.detectors.scanner import Scanner
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.recognizers import LastRecognizers


class Detectors:
    """What finds something in texts.

    The names model and the indexes live on; what a company edits (recognizers, allow-lists) is loaded anew.
    """

    def __init__(
        self,
        bundle: Bundle,
        keys: Keys,
        data: Path,
        *,
        names: bool = True,
        starting: NamesDetector | None = None,
        second_look: bool = False,
    ) -> None:
        """Load everything; blocks for a second or two.

        Args:
            bundle: the configuration.
            keys: of the indexes and fingerprints.
            data: the folder of indexes and caches.
            names: whether to look for names, if the configuration says so.
            starting: the configured names detector, where its workers are being started already.
            second_look: whether to look for names a second time, if the configuration says so.

        Raises:
            PromptGuardError: something cannot be loaded.
        """
        self._keys = keys
        self._folder = DataFolder(data)
        self._loading = LastRecognizers(self._folder.cache)
        self._left_out = () if names else (NamesDetector.id,)
        self._running: list[Detector] = [starting] if starting else []
        self._second: Detector | None = None
        if second_look:
            self._second = make_second_look(bundle.settings.names, self._folder.cache, self._first_looks)
        self._false_alarms: tuple[FalseAlarm, ...] = ()
        self.scanner = self._scanner(bundle)

    def _scanner(self, bundle: Bundle) -> Scanner:
        self.recognizers = recognizers = self.recognizers_of(bundle)
        self.remarks = recognizers.remarks
        context = DetectorContext(bundle.settings, self._keys, recognizers, self._folder.cache, self._folder.at)
        self._running = create_detectors(context, self._running, left_out=self._left_out)
        self.names = any(isinstance(each, NamesDetector) for each in self._running)
        self.patterns = next(each for each in self._running if isinstance(each, PatternDetector))
        return self._scanner_that_allows()

    def recognizers_of(self, bundle: Bundle) -> RecognizerSet:
        """Those of a configuration, which need not be in force. Blocks for half a second, or two where they are new.

        Raises:
            ConfigError: there is a mistake in them, or there are none.
        """
        return self._loading.of(bundle)

    def _scanner_that_allows(self) -> Scanner:
        own = replace(self.recognizers.allow_list, key=self._keys.fingerprint)
        self.allow_list = as_allow_list(own, self._false_alarms)
        return Scanner(self._running, self._keys.fingerprint, allow_list=self.allow_list, second=self._second)

    async def _first_looks(self) -> None:
        for each in self._running:
            if isinstance(each, NamesDetector):
                await each.nothing_waits()

    def allow(self, alarms: Sequence[FalseAlarm]) -> Scanner:
        """A scanner of the same detectors, that finds these values no more; it starts as the one before has."""
        self._false_alarms = tuple(alarms)
        self.scanner = self._scanner_that_allows()
        return self.scanner

    async def start(self) -> None:
        """Load models and start workers."""
        await self.scanner.start()

    async def reload(self, bundle: Bundle) -> Scanner:
        """A scanner for the changed configuration, ready for use."""
        scanner = await asyncio.to_thread(self._scanner, bundle)
        await scanner.start()
        self.scanner = scanner
        return scanner

    def reload_indexes(self) -> tuple[list[str], list[str]]:
        """Load indexes that were built since they were last read: of what, and sentences on those that are no good.

        Reads files.
        """
        reloaded, problems = [], []
        for detector in self._running:
            try:
                if detector.reload():
                    reloaded.append(detector.source)
            except PromptGuardError as error:
                problems.append(f"The last index of {detector.source} stays in force. {error}")
        return reloaded, problems

    async def stop(self) -> None:
        """Stop the workers."""
        await self.scanner.stop()
