"""What is done to lists of Presidio's results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from presidio_analyzer import RecognizerResult


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
