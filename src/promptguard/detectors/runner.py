"""All detectors over some texts and their other readings: what each answers is kept by keyed hash of the text."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from promptguard.detectors.deobfuscation.borders import KIND as BORDER
from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.deobfuscation.self_evident import is_self_evident
from promptguard.detectors.deobfuscation.tables import KIND as COLUMN_HEADING
from promptguard.detectors.deobfuscation.view import View
from promptguard.detectors.deobfuscation.views import views
from promptguard.detectors.interface import Detector
from promptguard.detectors.labels.reading import KIND as LABEL
from promptguard.detectors.overlaps import JUDGED
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.errors import PromptGuardError, ScanFailed
from promptguard.model import DataClass, Match, Nature, Segment
from promptguard.reasons import Code

DIGEST_BYTES: Final = 16

INLINE_CHARACTERS: Final = 10_000
"""Texts that are longer together are searched for hidden text in a thread."""

_IN_PLAIN_SIGHT = frozenset({BORDER, COLUMN_HEADING, LABEL})
"""Readings of what is there to be seen: findings do not say that they were hidden in that way."""

MAX_LEARNED: Final = 2_000
"""Texts of which it is kept what was found in them later. A text with nothing more in it takes no place."""

type Matches = tuple[Match, ...]
type Answers = tuple[Matches | None, ...]
"""What each detector says of one text, in the detectors' order; None where it has not been asked."""


class Looked(NamedTuple):
    """What detectors say of some texts, in the texts' order."""

    found: list[list[Match]]
    fresh: set[int]
    """Which texts not all detectors had seen before."""
    keys: list[bytes]
    """By what each text is known again."""


class DetectorRunner:
    """Asks all detectors about texts, and each about a text once.

    Agents send 30 to 70 KB of the same text every turn: what was looked at before costs one hash.
    """

    def __init__(self, detectors: Sequence[Detector], allow_list: AllowList, key: bytes, entries: int) -> None:
        """Take started detectors.

        Args:
            allow_list: values that need not be brought to light.
            key: at most 64 bytes, that of the texts' hashes.
            entries: texts remembered; 0 remembers nothing.
        """
        self._detectors = tuple(detectors)
        self._allow_list = allow_list
        self._key = key
        self._cache = _Cache(entries)
        self._learned: OrderedDict[bytes, Matches] = OrderedDict()

    def learn(self, key: bytes, matches: Matches) -> None:
        """Find these in a text from now on, too; `key` is one of `Looked.keys`."""
        self._learned[key] = matches
        self._learned.move_to_end(key)
        while len(self._learned) > MAX_LEARNED:
            self._learned.popitem(last=False)

    def has_learned(self, keys: Iterable[bytes]) -> bool:
        """Whether anything is known of any of these texts that detectors did not say at once."""
        return bool(self._learned) and any(key in self._learned for key in keys)

    async def look(self, texts: Sequence[Segment], whole: int, elapsed: dict[str, float]) -> Looked:
        """All detectors' matches in each text, and what was learned of it.

        Args:
            texts: segments, and then what was joined of segments.
            whole: how many are segments.
            elapsed: learns the detectors' times.

        Raises:
            ScanFailed: a detector could not look at all of the text.
        """
        keys = [self._hash(text, joined=index >= whole) for index, text in enumerate(texts)]
        work = [_Work(detector) for detector in self._detectors]
        versions = tuple(each.version for each in work)
        answers = {key: self._cache.get(key, versions) for key in keys}
        unknown: dict[bytes, int] = {}
        for index, key in enumerate(keys):
            if None in answers[key]:
                unknown.setdefault(key, index)
        for number, each in enumerate(work):
            each.divide({key: (texts[index], answers[key][number], index >= whole) for key, index in unknown.items()})
        try:
            await self._run_all(work, elapsed)
        finally:
            for key in unknown:
                answers[key] = tuple(each.known.get(key) for each in work)
                self._cache.put(key, versions, answers[key])
        wanted = {key for each in work for key in each.wanted}
        found = [[match for matches in answers[key] for match in matches or ()] for key in keys]
        if self._learned:
            for key, matches in zip(keys, found, strict=True):
                matches += self._learned.get(key, ())
        return Looked(found, {index for index, key in enumerate(keys) if key in wanted}, keys)

    async def _run_all(self, work: Sequence[_Work], elapsed: dict[str, float]) -> None:
        """Have each detector look at the texts that it has not seen before.

        Raises:
            ScanFailed: one could not look at all of the text.
        """
        elapsed.update({each.detector.id: 0.0 for each in work if not each.wanted})
        asked = [each for each in work if each.wanted]
        if not asked:
            return
        read = await _read({key: text for each in asked for key, text in each.wanted.items() if key not in each.joined})
        loop = asyncio.get_running_loop()
        # Begun at once: most detectors never wait, and a turn of the event loop takes longer than they do.
        runs = [asyncio.Task(self._run(each, read, elapsed), loop=loop, eager_start=True) for each in asked]
        try:
            for run in runs:
                if run.done():
                    run.result()
            if waiting := [run for run in runs if not run.done()]:
                await asyncio.gather(*waiting)
        finally:
            # Where one detector fails or the caller gives up, the others have nothing left to work for.
            for run in runs:
                run.cancel()

    async def _run(self, work: _Work, read: Mapping[bytes, Sequence[View]], elapsed: dict[str, float]) -> None:
        """Have one detector look at the texts that it has not seen before, and at their other readings.

        Raises:
            ScanFailed: it could not look at all of the text.
        """
        started = time.perf_counter()
        detector = work.detector
        asked = list(work.wanted.items())
        views = [
            (key, view)
            for key, _ in asked
            for view in read.get(key, ())
            if view.confidence in detector.readings and view.text
        ]
        segments = [text for _, text in asked] + [_as_segment(view, work.wanted[key]) for key, view in views]
        try:
            found = await detector.find(segments)
        except PromptGuardError:
            raise
        except Exception as error:
            raise ScanFailed(Code.SCAN_DETECTOR_FAILED, detector=detector.id, error=type(error).__name__) from None
        if len(found) != len(segments):
            raise ScanFailed(
                Code.SCAN_DETECTOR_INCOMPLETE, detector=detector.id, answered=len(found), asked=len(segments)
            )
        answers = {key: list(matches) for (key, _), matches in zip(asked, found, strict=False)}
        for (key, view), matches in zip(views, found[len(asked) :], strict=True):
            answers[key].extend(self._revealed(view, matches, answers[key]))
        for key, matches in answers.items():
            work.known[key] = tuple(matches)
        elapsed[detector.id] = round((time.perf_counter() - started) * 1000, 3)

    def _revealed(self, view: View, matches: Sequence[Match], plain: Sequence[Match]) -> Iterator[Match]:
        """What a detector found in another reading of a text, where it stands in the text."""
        for match in matches:
            place = view.locate(match.start, match.end)
            if place is None or (view.confidence is Confidence.GUESSED and not is_self_evident(match, place.kinds)):
                continue
            if match.entity_type in JUDGED and not view.reveals(match.start, match.end):
                continue  # a name that stands beside something hidden is there in the text itself, with all its context
            if any(
                other.entity_type == match.entity_type and other.start <= place.start and place.end <= other.end
                for other in plain
                if other.allowance is None
            ):
                continue
            # Headings such as "token" stand over words, too; `credential_tables` tells them apart.
            if view.confidence is Confidence.TABULAR and match.data_class is DataClass.CREDENTIALS:
                continue
            hidden = tuple(kind for kind in place.kinds if kind not in _IN_PLAIN_SIGHT)
            allowance = self._allow_list.entry(view.text[match.start : match.end], match.entity_type)
            yield replace(match, start=place.start, end=place.end, hidden=", ".join(hidden), allowance=allowance)

    def _hash(self, segment: Segment, *, joined: bool) -> bytes:
        """What detectors look at, as one keyed hash. What was joined has a key apart: it has no other readings."""
        digest = hashlib.blake2b(digest_size=DIGEST_BYTES, key=self._key, person=b"joined" if joined else b"")
        kind = f"{segment.role}\0{segment.nature}\0{len(segment.label)}\0{segment.label}\0"
        digest.update(kind.encode("utf-8", "surrogatepass"))
        digest.update(segment.text.encode("utf-8", "surrogatepass"))
        return digest.digest()


class _Work:
    """What one detector knows of the texts of one scan, and which it has yet to look at."""

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self.version = detector.version
        self.known: dict[bytes, Matches] = {}
        self.wanted: dict[bytes, Segment] = {}
        self.joined: set[bytes] = set()
        """Of the wanted texts those that are no segments."""

    def divide(self, texts: Mapping[bytes, tuple[Segment, Matches | None, bool]]) -> None:
        """Tell what has to be looked at: each text with what is known of it, and whether it was joined of segments."""
        for key, (text, matches, joined) in texts.items():
            if not text.text or self._left_out(text, joined=joined):
                self.known[key] = ()
            elif matches is not None:
                self.known[key] = matches
            else:
                self.wanted[key] = text
                if joined:
                    self.joined.add(key)

    def _left_out(self, text: Segment, *, joined: bool) -> bool:
        if joined:
            return Confidence.GUESSED not in self.detector.readings
        return text.nature is Nature.PROTOCOL and self.detector.guesses


async def _read(texts: Mapping[bytes, Segment]) -> Mapping[bytes, Sequence[View]]:
    """The other readings of texts that have any, by the texts' keys."""

    def read() -> dict[bytes, Sequence[View]]:
        return {key: found for key, text in texts.items() if (found := views(text.text))}

    if sum(len(text.text) for text in texts.values()) > INLINE_CHARACTERS:
        return await asyncio.to_thread(read)
    return read()


def _as_segment(view: View, segment: Segment) -> Segment:
    label = segment.label if view.begins_with_source else ""
    return replace(segment, text=view.text, label=label)


class _Cache:
    """The answers to the texts that were seen last."""

    def __init__(self, entries: int) -> None:
        self._limit = entries
        self._entries: OrderedDict[bytes, tuple[tuple[str, ...], Answers]] = OrderedDict()

    def get(self, key: bytes, versions: tuple[str, ...]) -> Answers:
        """What the detectors of these versions answered: nothing, where one was another then."""
        entry = self._entries.get(key)
        if entry is None:
            return (None,) * len(versions)
        self._entries.move_to_end(key)
        known, answers = entry
        if known == versions:
            return answers
        return tuple(answer if was == now else None for was, now, answer in zip(known, versions, answers, strict=True))

    def put(self, key: bytes, versions: tuple[str, ...], answers: Answers) -> None:
        """Keep what was answered; what was asked for longest ago makes room."""
        if not self._limit:
            return
        self._entries[key] = versions, answers
        self._entries.move_to_end(key)
        while len(self._entries) > self._limit:
            self._entries.popitem(last=False)
