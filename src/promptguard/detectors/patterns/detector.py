"""The pattern tier: every recognizer of `config/recognizers`, at the speed of one pass over the text.

All regexes stand in one Hyperscan database (`prefilter`). Its hits select windows of text, and in these the Presidio
recognizer itself decides: its regex, checksum and context words. The findings are those of Presidio's `AnalyzerEngine`
with the same recognizers over the whole text.
"""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import itertools
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import orjson
import regex

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.interface import Detector, DetectorFactory
from promptguard.detectors.patterns.ascii_projection import ascii_projection
from promptguard.detectors.patterns.candidates import Candidate, candidate, rejected
from promptguard.detectors.patterns.context import ContextWords, LightNlpEngine
from promptguard.detectors.patterns.prefilter import VERSION, Expression, Hit, PatternPrefilter
from promptguard.detectors.patterns.windows import Window, pieces, windows
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.detectors.recognizers.recognizer import Recognizer
from promptguard.detectors.recognizers.types.pattern import (
    KEYWORD_REACH_BEFORE,
    LazyPattern,
    ValidatedPatternRecognizer,
)
from promptguard.detectors.results import without_nested
from promptguard.errors import ScanFailed
from promptguard.model import Match, Segment
from promptguard.presidio.analyzer import EntityRecognizer, RecognizerResult
from promptguard.reasons import Code

logger = logging.getLogger(__name__)

INLINE_CHARACTERS = 10_000
"""Texts that are longer together are scanned in a thread: this many take about half a millisecond."""

MAX_LABEL_LENGTH = 100
"""Characters of a segment's label that are looked at."""

_SEPARATOR = b"\n\x00\n"
"""Between segments: ends a word, a line, and anything that is matched across white space only."""

_SLOW_REGEX_SECONDS = 10

type Span = tuple[int, int]


class _Entry:
    """A recognizer ready to be asked about windows."""

    def __init__(self, recognizer: Recognizer, engine: LightNlpEngine) -> None:
        self.recognizer = recognizer
        self.presidio: EntityRecognizer = recognizer.recognizer
        self.context = ContextWords(recognizer.recognizer, engine)
        self.entities = list(recognizer.recognizer.supported_entities)
        self.enhances_itself = (
            type(recognizer.recognizer).enhance_using_context is not EntityRecognizer.enhance_using_context
        )


class PatternDetector(Detector):
    """Finds what the recognizers of a configuration folder describe."""

    id = "patterns"
    readings = frozenset(Confidence)

    def __init__(self, recognizers: RecognizerSet, cache_folder: Path | None = None) -> None:
        """Take the recognizers; they are compiled by `start`, or by the first `find`.

        Args:
            recognizers: from `load_recognizers`.
            cache_folder: where the compiled patterns are kept between starts; None keeps them nowhere.
        """
        self.version = recognizers.version
        self._engine = LightNlpEngine()
        self._entries = [_Entry(recognizer, self._engine) for recognizer in recognizers.recognizers]
        self._cache_folder = cache_folder
        self._prefilter: PatternPrefilter | None = None
        self._expressions: list[Expression] = []
        self._slow: dict[int, regex.Pattern[str]] = {}
        """Regexes that have to be matched over the whole text, by their indexes: it tells too little of them."""
        self._unfiltered: list[int] = []
        """Those of them that the prefilter does not know at all."""
        self._everywhere: list[int] = []
        """Recognizers that read all text."""
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Compile the patterns, or load them compiled. Takes a second or two, or some milliseconds."""
        async with self._starting:
            if self._prefilter is None:
                self._prefilter = await asyncio.to_thread(self._build)

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`.

        Raises:
            ScanFailed: a recognizer failed, or a regex took too long.
        """
        if self._prefilter is None:
            await self.start()
        if sum(len(segment.text) for segment in segments) > INLINE_CHARACTERS:
            return await asyncio.to_thread(self.scan, segments)
        return self.scan(segments)

    def _build(self) -> PatternPrefilter:
        self._expressions.clear()
        for index, entry in enumerate(self._entries):
            found = list(_expressions(index, entry.recognizer))
            self._expressions.extend(found)
            if not found:
                self._everywhere.append(index)
                logger.warning("recognizer %s has no prefilter: it reads all text, slowly", entry.recognizer.name)
            if not entry.presidio.is_loaded:
                entry.presidio.load()
                entry.presidio.is_loaded = True
        prefilter = PatternPrefilter(self._expressions, self._cache_folder)
        for index in (*prefilter.left_out, *prefilter.unbounded):
            expression = self._expressions[index]
            self._slow[index] = regex.compile(expression.regex, expression.flags)
        self._unfiltered = prefilter.left_out
        for index in self._overlooked(prefilter):
            self._everywhere.append(index)
            name = self._entries[index].recognizer.name
            logger.warning("recognizer %s is overlooked by Hyperscan: it reads all text, slowly", name)
        return prefilter

    def _overlooked(self, prefilter: PatternPrefilter) -> list[int]:
        """Indexes of recognizers whose own examples the prefilter passes over.

        Hyperscan 5.4.12 overlooks matches of some expressions in the company of some others. The answer is kept beside
        the compiled patterns: to find it, all regexes have to be compiled.
        """
        note = self._cache_folder / f"overlooked-{self.version}-{VERSION}.json" if self._cache_folder else None
        if note is not None and not prefilter.compiled_now:
            with contextlib.suppress(OSError, ValueError):
                return [int(index) for index in orjson.loads(note.read_bytes())]
        found = [index for index in range(len(self._entries)) if self._is_overlooked(index, prefilter)]
        self._let_go_of_regexes()
        if note is not None:
            with contextlib.suppress(OSError):  # the next start takes a second longer
                note.write_bytes(orjson.dumps(found))
        return found

    def _let_go_of_regexes(self) -> None:
        """Of a thousand compiled ones, 40 MB, prompts need a few: those are compiled again when they match."""
        for entry in self._entries:
            for pattern in entry.recognizer.patterns:
                if isinstance(pattern, LazyPattern):
                    pattern.let_go()
        regex.purge()  # the module keeps the last 500, those included whose syntax was checked

    def _is_overlooked(self, index: int, prefilter: PatternPrefilter) -> bool:
        entry = self._entries[index]
        text = next((example.text for example in entry.recognizer.examples if example.matches), "")
        if index in self._everywhere or not self._analyze(entry, text, Window(0, len(text), 0, len(text))):
            return False
        seen = {self._expressions[hit.expression].owner for hit in prefilter.scan(ascii_projection(text))}
        slow = {self._expressions[number].owner for number in self._unfiltered}
        return index not in seen | slow

    def scan(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """The matches in each segment, found in the calling thread.

        Raises:
            RuntimeError: the detector is not started.
            ScanFailed: a recognizer failed, or a regex took too long.
        """
        if self._prefilter is None:
            raise RuntimeError("the pattern detector is not started")
        texts = [_with_label(segment) for segment in segments]
        projections = [ascii_projection(text) for text, _ in texts]
        hits = self._assign(self._prefilter.scan(_SEPARATOR.join(projections)), [len(piece) for piece in projections])
        found: list[list[Match]] = []
        for index, (text, label_length) in enumerate(texts):
            matches = list(self._confirm(text, hits.get(index, {})))
            found.append(_clip(matches, label_length) if label_length else matches)
        return found

    @staticmethod
    def _assign(hits: Iterable[Hit], lengths: Sequence[int]) -> dict[int, dict[int, list[Span]]]:
        """Hits by segment and expression, as spans with offsets into the segment that may reach out of it."""
        starts = [0, *itertools.accumulate(length + len(_SEPARATOR) for length in lengths)]
        assigned: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for hit in hits:
            # A match lies in the segment in which it ends; one that began before is none.
            first = bisect.bisect_right(starts, hit.first_end - 1) - 1
            last = bisect.bisect_right(starts, hit.last_end - 1) - 1
            for segment in range(first, min(last + 1, len(lengths))):
                assigned[segment][hit.expression].append((hit.start - starts[segment], hit.last_end - starts[segment]))
        return assigned

    def _confirm(self, text: str, hits: Mapping[int, Sequence[Span]]) -> Iterable[Match]:
        """What the recognizers say of the windows around their hits."""
        for owner, selected in self._selected(text, hits):
            yield from self._ask(self._entries[owner], text, selected)

    def _selected(self, text: str, hits: Mapping[int, Sequence[Span]]) -> Iterator[tuple[int, Sequence[Window]]]:
        """Which recognizers are to look at which windows of a text."""
        spans: dict[int, list[Span]] = defaultdict(list)
        for index in {*hits, *self._unfiltered}:
            expression = self._expressions[index]
            exact = self._match_all(index, text) if index in self._slow else hits[index]
            reach = expression.reach
            spans[expression.owner].extend((start - reach, end + reach) for start, end in exact)
        for owner in sorted({*spans, *self._everywhere}):
            yield owner, pieces(text, overlap=512) if owner in self._everywhere else windows(text, spans[owner])

    def _match_all(self, index: int, text: str) -> list[Span]:
        """Where one regex matches in a whole text.

        Raises:
            ScanFailed: it took too long.
        """
        try:
            return [match.span() for match in self._slow[index].finditer(text, timeout=_SLOW_REGEX_SECONDS)]
        except TimeoutError:
            raise ScanFailed(Code.SCAN_REGEX_TIMEOUT, recognizer=self._expressions[index].name) from None

    def candidates(self, text: str) -> list[Candidate]:
        """All that recognizers looked at in `text`, reported or not, and why; for people who tune them.

        Raises:
            RuntimeError: the detector is not started.
            ScanFailed: a recognizer failed, or a regex took too long.
        """
        if self._prefilter is None:
            raise RuntimeError("the pattern detector is not started")
        hits = self._assign(self._prefilter.scan(ascii_projection(text)), [len(text)]).get(0, {})
        found: list[Candidate] = []
        for owner, selected in self._selected(text, hits):
            entry = self._entries[owner]
            found.extend(candidate(result, entry.recognizer) for result in self._results(entry, text, selected))
            if isinstance(entry.presidio, ValidatedPatternRecognizer):
                found.extend(rejected(entry.recognizer, entry.presidio, text, selected))
        return sorted(set(found), key=lambda candidate: (candidate.start, candidate.end, candidate.recognizer))

    def _ask(self, entry: _Entry, text: str, selected: Sequence[Window]) -> Iterable[Match]:
        for result in self._results(entry, text, selected):
            if result.score >= entry.recognizer.threshold and text[result.start : result.end].strip():
                yield Match(
                    start=result.start,
                    end=result.end,
                    entity_type=result.entity_type,
                    score=round(min(max(float(result.score), 0.0), 1.0), 4),
                    detector=entry.recognizer.name,
                    data_class=entry.recognizer.data_class,
                )

    def _results(self, entry: _Entry, text: str, selected: Sequence[Window]) -> list[RecognizerResult]:
        """What one recognizer says of the selected windows, whatever the score."""
        results: dict[tuple[str, int, int], RecognizerResult] = {}
        for window in selected:
            for result in self._analyze(entry, text, window):
                if result.end <= window.core_start or result.start >= window.core_end:
                    continue
                key = (result.entity_type, result.start, result.end)
                if key not in results or results[key].score < result.score:
                    results[key] = result
        return without_nested(results.values())

    def _analyze(self, entry: _Entry, text: str, window: Window) -> list[RecognizerResult]:
        """The recognizer's results in one window, raised by context, with offsets into the text.

        Raises:
            ScanFailed: whatever went wrong in the recognizer; its own message may quote the text and is left out.
        """
        piece = text[window.start : window.end]
        artifacts = self._engine.process_text(piece, "en")
        try:
            results = entry.presidio.analyze(piece, entry.entities, artifacts) or []
            for result in results:
                metadata = result.recognition_metadata or {}
                metadata.setdefault(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, entry.presidio.id)
                metadata.setdefault(RecognizerResult.RECOGNIZER_NAME_KEY, entry.presidio.name)
                result.recognition_metadata = metadata
            if entry.enhances_itself:
                results = entry.presidio.enhance_using_context(piece, results, [], artifacts)
            for result in results:
                result.start += window.start
                result.end += window.start
            return entry.context.raise_scores(text, [result for result in results if result.score > 0])
        except ScanFailed:
            raise
        except Exception as error:
            name = entry.recognizer.name
            raise ScanFailed(Code.SCAN_RECOGNIZER_FAILED, recognizer=name, error=type(error).__name__) from None


def _expressions(index: int, recognizer: Recognizer) -> Iterable[Expression]:
    """What the prefilter looks for on behalf of a recognizer."""
    presidio = recognizer.recognizer
    for pattern in recognizer.patterns:
        yield Expression(
            owner=index,
            name=f"{recognizer.name} ({pattern.name})",
            regex=pattern.regex,
            flags=int(presidio.global_regex_flags),
            reach=KEYWORD_REACH_BEFORE if getattr(presidio, "keywords", ()) else 0,
        )
    if not recognizer.patterns and recognizer.prefilter:
        yield Expression(
            owner=index,
            name=f"{recognizer.name} (prefilter)",
            regex=recognizer.prefilter,
            flags=0,
            reach=int(getattr(type(presidio), "reach", 128)),
        )


def _with_label(segment: Segment) -> tuple[str, int]:
    """The text as recognizers see it, and how much of its beginning is the label."""
    if not segment.label:
        return segment.text, 0
    label = " ".join(segment.label[:MAX_LABEL_LENGTH].split()) + ": "
    return label + segment.text, len(label)


def _clip(matches: Iterable[Match], label_length: int) -> list[Match]:
    """Matches with offsets into the text without its label; what lies in the label alone is dropped."""
    return [
        Match(
            start=max(match.start - label_length, 0),
            end=match.end - label_length,
            entity_type=match.entity_type,
            score=match.score,
            detector=match.detector,
            data_class=match.data_class,
            subject=match.subject,
        )
        for match in matches
        if match.end > label_length
    ]


FACTORY = DetectorFactory(
    PatternDetector.id, lambda context: PatternDetector(context.recognizers, context.cache_folder)
)
