"""Presidio's results: how ours are made, and what is done to lists of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from promptguard.presidio.analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult


def explained_result(
    recognizer: EntityRecognizer, entity_type: str, start: int, end: int, score: float, why: str
) -> RecognizerResult:
    """A result of a recognizer that is not made of patterns, with `why` for whoever asks for an explanation."""
    return RecognizerResult(
        entity_type=entity_type,
        start=start,
        end=end,
        score=score,
        analysis_explanation=AnalysisExplanation(
            recognizer=recognizer.name, original_score=score, textual_explanation=why
        ),
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
        },
    )


def without_nested(results: Iterable[RecognizerResult]) -> list[RecognizerResult]:
    """Results that lie in no surer one of their type, in the order of the text.

    The same as `EntityRecognizer.remove_duplicates`, which compares each with each.
    """
    by_type: dict[str, list[RecognizerResult]] = defaultdict(list)
    for result in results:
        by_type[result.entity_type].append(result)
    kept: list[RecognizerResult] = []
    for same in by_type.values():
        same.sort(key=lambda result: (result.start, -result.end, -result.score))
        open_results: list[RecognizerResult] = []
        for result in same:
            open_results = [other for other in open_results if other.end > result.start]
            if not any(result.end <= other.end and result.score <= other.score for other in open_results):
                kept.append(result)
                open_results.append(result)
    return kept
