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
    """Looks at each text once, and has a runner find from then on what it finds. One request at a time."""

    def __init__(self, detector: Detector, runner: DetectorRunner) -> None:
        self.detector = detector
        self._runner = runner
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def unseen(self, keys: Sequence[bytes]) -> list[int]:
        """Indexes of the texts, given by their keys (`runner.Looked`), that are still to be looked at."""
        return [index for index, key in enumerate(keys) if key not in self._seen]

    async def look(self, segments: Sequence[Segment], keys: Sequence[bytes], found: Sequence[Sequence[Place]]) -> None:
        """Look at the texts of one request that were not looked at yet, and have the runner learn what stands there.

        Args:
            segments: the texts.
            keys: theirs.
            found: where in each something was found before; what touches that is nothing new.

        Raises:
            ScanFailed: the detector could not look at them.
        """
        unseen = {keys[index]: index for index in self.unseen(keys)}  # what stands there twice is looked at once
        asked = {
            key: index
            for key, index in unseen.items()
            if segments[index].nature is Nature.TEXT and segments[index].text
        }
        answers = await self.detector.find([segments[index] for index in asked.values()]) if asked else []
        for (key, index), matches in zip(asked.items(), answers, strict=True):
            if more := tuple(match for match in matches if not touches(match, found[index])):
                self._runner.learn(key, more)
        self._seen.update(dict.fromkeys(unseen))
        while len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)

    def has_learned(self, keys: Sequence[bytes]) -> bool:
        """Whether anything more is known of any of these texts."""
        return self._runner.has_learned(keys)


def touches(match: Match | Finding, found: Sequence[Place]) -> bool:
    """Whether it shares a character with any of these places of its text."""
    return any(match.start < end and start < match.end for start, end in found)
