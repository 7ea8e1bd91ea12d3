"""What recognizers looked at, reported or not, and why: for people who tune them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promptguard.detectors.patterns.windows import Window
from promptguard.detectors.recognizers.recognizer import Recognizer
from promptguard.detectors.recognizers.types.pattern import ValidatedPatternRecognizer
from promptguard.presidio.analyzer import RecognizerResult


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a text that one recognizer matched. Holds no value."""

    start: int
    end: int
    entity_type: str
    recognizer: str
    file: str
    """Name of the file the recognizer stands in."""
    line: int
    score: float
    """0 to 1; 0 if the recognizer's own check dropped it."""
    threshold: float
    pattern: str = ""
    """Which of the recognizer's patterns it was; empty for recognizers that are not made of patterns."""
    pattern_score: float = 0.0
    """What the pattern, or the recognizer's check, gave before context was looked at."""
    word: str = ""
    """The context word that raised the score."""
    problem: str = ""
    """Why the recognizer itself dropped it; empty if it did not."""

    @property
    def reported(self) -> bool:
        """Whether it became a match."""
        return not self.problem and self.score >= self.threshold


def candidate(result: RecognizerResult, recognizer: Recognizer) -> Candidate:
    """A result of a recognizer, with Presidio's own explanation of its score."""
    explanation = result.analysis_explanation
    score = float(result.score)
    word = str(getattr(explanation, "supportive_context_word", "") or "")
    raised = float(getattr(explanation, "score_context_improvement", 0.0) or 0.0) if word else 0.0
    return Candidate(
        result.start,
        result.end,
        result.entity_type,
        recognizer.name,
        recognizer.file.name,
        recognizer.line,
        round(score, 3),
        recognizer.threshold,
        str(getattr(explanation, "pattern_name", "") or ""),
        round(score - raised, 3),
        word,
    )


def rejected(
    recognizer: Recognizer, presidio: ValidatedPatternRecognizer, text: str, selected: Sequence[Window]
) -> Iterator[Candidate]:
    """What a recognizer's regexes match in the windows of a text, and its validator or keywords drop."""
    for window in selected:
        piece = text[window.start : window.end]
        for pattern, start, end, problem in presidio.rejections(piece):
            if end + window.start > window.core_start and start + window.start < window.core_end:
                yield Candidate(
                    start + window.start,
                    end + window.start,
                    presidio.supported_entities[0],
                    recognizer.name,
                    recognizer.file.name,
                    recognizer.line,
                    0.0,
                    recognizer.threshold,
                    pattern.name,
                    pattern.score,
                    problem=problem,
                )
