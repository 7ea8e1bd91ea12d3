"""Recognizers, their results, and what raises scores by context."""

from __future__ import annotations

from presidio_analyzer import (
    AnalysisExplanation,
    EntityRecognizer,
    LocalRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
    RemoteRecognizer,
    predefined_recognizers,
)
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

__all__ = [
    "AnalysisExplanation",
    "EntityRecognizer",
    "LemmaContextAwareEnhancer",
    "LocalRecognizer",
    "NlpArtifacts",
    "NlpEngine",
    "Pattern",
    "PatternRecognizer",
    "RecognizerResult",
    "RemoteRecognizer",
    "predefined_recognizers",
]
