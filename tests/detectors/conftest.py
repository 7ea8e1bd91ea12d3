import asyncio
from pathlib import Path

import pytest

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers

SHIPPED = Path(__file__).parents[2] / "config" / "recognizers"


@pytest.fixture(scope="session")
def shipped_recognizers() -> RecognizerSet:
    """The recognizers that we ship."""
    return load_recognizers(SHIPPED)


@pytest.fixture(scope="session")
def compiled_patterns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled patterns are kept for the length of a test run: compiling them takes seconds."""
    return tmp_path_factory.mktemp("patterns")


@pytest.fixture(scope="session")
def shipped_detector(shipped_recognizers: RecognizerSet, compiled_patterns: Path) -> PatternDetector:
    """A pattern detector, started, with the recognizers that we ship."""
    detector = PatternDetector(shipped_recognizers, compiled_patterns)
    asyncio.run(detector.start())
    return detector
