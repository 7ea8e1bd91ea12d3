"""A second detector that looks at texts after all others, when their request was decided, and what they find by it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from promptguard.detectors.interface import Detector
from promptguard.detectors.runner import DetectorRunner
from promptguard.model import Finding, Match, Nature, Segment

type Place = tuple[int, int]
"""Where something stands in a text: start and end."""

MAX_SEEN: Final = 50_000
"""Texts of which it is remembered, by their keys, that they were looked at again."""


class LookingAgain:
    """Looks at each text once, and has a runner find from then on what it finds. One look at a time."""

    def __init__(self, detector: Detector, runner: DetectorRunner) -> None:
        self.detector = detector
        self._runner = runner
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def unseen(self, keys: Sequence[bytes]) -> list[int]:
        """Indexes of the texts, given by their keys (`runner.Looked`), that are still to be looked at."""
        return [index for index, key in enumerate(keys) if key not in self._seen]

    async def look(self, segment: Segment, key: bytes, found: Sequence[Place]) -> None:
        """Look at one text, and have the runner learn what stands there beside what was `found`.

        Raises:
            ScanFailed: the detector could not look at it.
        """
        if key in self._seen:  # it stands twice in one request
            return
        if segment.nature is Nature.TEXT and segment.text:
            (matches,) = await self.detector.find([segment])
            if more := tuple(match for match in matches if not touches(match, found)):
                self._runner.learn(key, more)
        self._seen[key] = None
        while len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)

    def has_learned(self, keys: Sequence[bytes]) -> bool:
        """Whether anything more is known of any of these texts."""
        return self._runner.has_learned(keys)


def touches(match: Match | Finding, found: Sequence[Place]) -> bool:
    """Whether it shares a character with any of these places of its text."""
    return any(match.start < end and start < match.end for start, end in found)
