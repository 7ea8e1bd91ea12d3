"""What every detector is: texts in, matches out."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.keys import Keys
from promptguard.model import Match, Segment

if TYPE_CHECKING:
    from promptguard.detectors.recognizers.loading import RecognizerSet


class Detector(ABC):
    """Finds one family of sensitive data in texts.

    Must be linear in the length of the text. May keep no text after it returns.
    """

    id: str
    """Short name for the record and for `policy explain`, e.g. `patterns`."""

    version: str
    """Changes whenever the same text could give other matches: part of the ruleset version and of cache keys."""

    guesses: bool = False
    """All that it finds is likely, and nothing proven by its form: it is not asked about what is protocol."""

    lasting: bool = False
    """Whether it stays as it is when the configuration changes: workers and indexes are not thrown away for an edit."""

    source: str = ""
    """What its index is of (`customers`), for messages; empty where it has none."""

    readings: frozenset[Confidence] = frozenset(Confidence) - {Confidence.TABULAR, Confidence.LABELLED}
    """The other readings of a text (`deobfuscation/`) that it is to look at, each as a segment of its own. Those of
    tables and labels are for those who know values by the words before them."""

    async def uncovered_languages(self, segments: Sequence[Segment]) -> frozenset[str]:
        """Tags (BCP 47) of the languages in these segments in which it does not find what it finds in others."""
        return frozenset()

    @abstractmethod
    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """The matches in each segment, in the segments' order.

        Work of more than about a millisecond must not be done on the event loop.

        Raises:
            ScanFailed: the detector could not look at all of the text.
        """

    def reload(self) -> bool:
        """Read the index anew if it changed since it was last read, and say whether it did. Reads a file.

        Raises:
            PromptGuardError: the new one is no good or gone; the one in use stays.
        """
        return False

    async def start(self) -> None:  # noqa: B027 - most detectors have nothing to load
        """Load what is needed (models, databases). Called once before `find`."""

    async def stop(self) -> None:  # noqa: B027
        """Let go of workers and files."""


class IndexSettings(Protocol):
    """Where an index is."""

    @property
    def index(self) -> Path: ...


class FingerprintSettings(IndexSettings, Protocol):
    """Where an index of texts is, and what counts of it."""

    @property
    def common_in(self) -> int: ...


class NamesServerSettings(Protocol):
    """A server that runs the names model."""

    @property
    def url(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def timeout_ms(self) -> int: ...
    @property
    def ca_file(self) -> Path | None: ...
    @property
    def fallback(self) -> str: ...


class NamesSettings(Protocol):
    """How names are looked for."""

    @property
    def enabled(self) -> bool: ...
    @property
    def workers(self) -> int | None: ...
    @property
    def deadline_s(self) -> float: ...
    @property
    def wait_s(self) -> float: ...
    @property
    def model(self) -> str: ...
    @property
    def spacy_model(self) -> str | None: ...
    @property
    def second_look(self) -> str: ...
    @property
    def server(self) -> NamesServerSettings | None: ...


class DetectorSettings(Protocol):
    """What of a company's settings detectors are made by; `configuration.settings.Settings` is one."""

    @property
    def tenants(self) -> IndexSettings: ...
    @property
    def documents(self) -> FingerprintSettings: ...
    @property
    def sources(self) -> FingerprintSettings: ...
    @property
    def names(self) -> NamesSettings: ...


@dataclass(frozen=True, slots=True)
class DetectorContext:
    """What detectors are made of."""

    settings: DetectorSettings
    keys: Keys
    recognizers: RecognizerSet
    cache_folder: Path
    """Of what can be made anew: compiled patterns, converted weights."""
    at: Callable[[Path], Path]
    """Where a path of the settings leads."""


@dataclass(frozen=True, slots=True)
class DetectorFactory:
    """How one detector is made. `registry` finds it in the `detector.py` of each folder of detectors."""

    id: str
    """Of the detector that it makes."""
    create: Callable[[DetectorContext], Detector | None]
    """None where the settings switch it off. Loads nothing: that is for `Detector.start`."""
    entity_types: frozenset[str] = frozenset()
    """All that the detector reports; for one of recognizers, what it reports besides what they say of themselves."""


async def find_in_each(
    segments: Sequence[Segment], find: Callable[[str], Iterable[Match]], *, in_loop: int
) -> list[list[Match]]:
    """What `find` finds in the text of each segment: in a thread if they are together longer
    than `in_loop` characters."""

    def look() -> list[list[Match]]:
        return [list(find(segment.text)) for segment in segments]

    if sum(len(segment.text) for segment in segments) > in_loop:
        return await asyncio.to_thread(look)
    return look()
