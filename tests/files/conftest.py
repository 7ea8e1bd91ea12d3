"""Files are made by `tests/samples`, at run time."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# pytest's importlib mode leaves sys.path alone; the helpers are imported by name.
sys.path.insert(0, str(Path(__file__).parents[1]))

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.recognition import Recogniser

type Texts = list[tuple[str, str]]
type ReadTexts = Callable[..., Texts]
type ReadProblem = Callable[..., str]


class SizeTeller:
    """In place of a text recognition: says how large an image is."""

    def read(self, image: Any) -> str:
        return f"an image of {image.width} by {image.height}"


@pytest.fixture
def texts() -> ReadTexts:
    """Reads a file in this process: labels and texts."""

    def read(data: bytes, name: str = "", media_type: str = "", *, recogniser: Any = None, **options: Any) -> Texts:
        extraction = Extraction(1_000_000, recogniser, **options)
        extraction.file(Source(data, name, media_type))
        return extraction.texts

    return read


@pytest.fixture
def problem(texts: ReadTexts) -> ReadProblem:
    """Why a file cannot be read."""

    def read(data: bytes, name: str = "", media_type: str = "", **options: Any) -> str:
        with pytest.raises(CannotRead) as caught:
            texts(data, name, media_type, **options)
        return str(caught.value)

    return read


@pytest.fixture
def size_teller() -> SizeTeller:
    return SizeTeller()


@pytest.fixture(scope="session")
def tesseract() -> Recogniser:
    """Tesseract, as it is installed."""
    if shutil.which("tesseract") is None:
        pytest.skip("needs Tesseract (Debian: tesseract-ocr)")
    found = Recogniser.find("tesseract", "eng", 30)
    assert found
    return found
