"""What every detector is: texts in, matches out."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.model import Match, Segment


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

    readings: frozenset[Confidence] = frozenset(Confidence) - {Confidence.TABULAR}
    """The other readings of a text (`deobfuscation/`) that it is to look at, each as a segment of its own. That of
    tables is for those who know values by the words before them."""

    @abstractmethod
    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """The matches in each segment, in the segments' order.

        Work of more than about a millisecond must not be done on the event loop.

        Raises:
            ScanFailed: the detector could not look at all of the text.
        """

    async def start(self) -> None:  # noqa: B027 - most detectors have nothing to load
        """Load what is needed (models, databases). Called once before `find`."""

    async def stop(self) -> None:  # noqa: B027
        """Let go of workers and files."""


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
