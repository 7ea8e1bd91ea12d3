"""Holds recognizers to the examples in their own files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.detectors.recognizers.recognizer import Example, Recognizer
from promptguard.model import Segment


async def failing_examples(recognizers: RecognizerSet, cache_folder: Path | None = None) -> list[Example]:
    """The examples in which a recognizer finds nothing though it must, or something though it must not.

    What the allow list lets pass counts as not found.
    """
    detector = PatternDetector(recognizers, cache_folder)
    await detector.start()
    examples = recognizers.examples()
    answers = await detector.find([Segment((), example.text) for example in examples])
    failing = []
    for example, matches in zip(examples, answers, strict=True):
        found = any(
            match.detector == example.recognizer
            and not recognizers.allow_list.allows(example.text[match.start : match.end], match.entity_type)
            for match in matches
        )
        if found != example.matches:
            failing.append(example)
    return failing


def without_examples(recognizers: RecognizerSet) -> Iterator[tuple[Recognizer, str]]:
    """The recognizers that lack examples, and of which kind, in the words of the file."""
    for recognizer in recognizers.recognizers:
        kinds = {example.matches for example in recognizer.examples}
        missing = [name for name, kind in (("match", True), ("no_match", False)) if kind not in kinds]
        if missing:
            yield recognizer, " and ".join(f"`{name}`" for name in missing)
