"""Text recognition in images by Tesseract (https://github.com/tesseract-ocr/tesseract), where it is installed.

The program is run on its own, with the image on its standard input and the words on its standard output: no file is
written, and it has the worker's limits. How sure it is of its words tells whether another size or the picture turned
would read better.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, Final

from promptguard.files.interface import CannotRead
from promptguard.files.pages import enlarged, prepared, skew, turned
from promptguard.reasons import Code

if TYPE_CHECKING:
    from PIL.Image import Image

_SURE: Final = 65.0
"""Confidence in percent of a word that is one; what is upside down is read with some 45."""

_TALL: Final = 22.0
"""Pixels of a word's height that are enough: Tesseract wants letters of 20 pixels or more (its documentation,
“Improving the quality of the output”), and those of screenshots have 10."""

_SKEWED: Final = 1.5
"""Degrees: Tesseract itself straightens less."""

_SHARE_OF_TIME: Final = 0.35
"""Of the time for a file, what may be spent on reading its images again, larger or turned."""

_WORD_LEVEL: Final = "5"
_COLUMNS: Final = 12


@dataclass(frozen=True, slots=True)
class _Word:
    """One line of Tesseract's table of words."""

    line: tuple[str, ...]
    """Numbers of its block, paragraph and line."""
    height: int
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was recognised in a picture at one size and angle."""

    words: list[_Word] = field(default_factory=list, repr=False)

    @property
    def score(self) -> float:
        """How much was read, and how surely."""
        return sum(word.confidence * len(word.text) for word in self.words if word.confidence >= _SURE)

    @property
    def is_sure(self) -> bool:
        """Whether most letters are of words that are words."""
        letters = sum(len(word.text) for word in self.words)
        sure = sum(len(word.text) for word in self.words if word.confidence >= _SURE)
        return letters > 0 and sure * 10 >= letters * 7

    @property
    def height(self) -> float:
        """Of its words, in pixels."""
        return float(median(word.height for word in self.words)) if self.words else 0.0

    def text(self) -> str:
        """The words, line by line; an empty line between paragraphs."""
        pieces: list[str] = []
        last: tuple[str, ...] = ()
        for word in self.words:
            if last:
                pieces.append(" " if word.line == last else "\n" if word.line[:2] == last[:2] else "\n\n")
            pieces.append(word.text)
            last = word.line
        return "".join(pieces) + ("\n" if pieces else "")


class Recogniser:
    """Tesseract, as it is installed."""

    def __init__(self, program: str, languages: str, seconds: float) -> None:
        """`languages` as Tesseract names them (`eng+deu`); `seconds` is the most for one file's images."""
        self._command = (program, "stdin", "stdout", "-l", languages, "--psm", "3", "-c", "tessedit_create_tsv=1")
        self._seconds = seconds
        self._again = 0.0

    @classmethod
    def find(cls, program: str, languages: str, seconds: float) -> Recogniser | None:
        """Tesseract by its name or path; None where it is not installed."""
        path = shutil.which(program)
        return cls(path, languages, seconds) if path else None

    def begin(self) -> None:
        """Begin with another file: its images may be read again where they read badly."""
        self._again = 0.0

    def read(self, image: Image) -> str:
        """The text in an image, upright or turned.

        Raises:
            CannotRead: Tesseract failed on it; it does so where a language is not installed, too.
        """
        page = prepared(image)
        best = self._run(page)
        started = monotonic()
        for again in self._otherwise(page, best):
            reading = self._run(again)
            best = max(best, reading, key=lambda each: each.score)
            if best is reading and best.is_sure and best.height >= _TALL / 2:
                break
            if self._again + monotonic() - started > self._seconds * _SHARE_OF_TIME:
                break
        self._again += monotonic() - started
        return best.text()

    def _otherwise(self, page: Image, first: _Reading) -> Iterator[Image]:
        """The page as it may read better, the likeliest first; nothing where it reads well."""
        if self._again > self._seconds * _SHARE_OF_TIME:
            return
        larger = enlarged(page, _TALL / first.height if first.height else 2.0)
        if larger is not None and (not first.is_sure or first.height < _TALL):
            yield larger
        if first.is_sure:
            return
        angle = skew(page)
        angles = [angle, 0.0] if abs(angle) >= _SKEWED else [0.0]
        for straight in angles:
            for quarter in (0, 180, 90, 270):
                if straight or quarter:
                    yield turned(larger or page, straight + quarter)

    def _run(self, page: Image) -> _Reading:
        head = f"P5 {page.width} {page.height} 255\n".encode()  # a portable graymap (netpbm.sourceforge.net/doc/pgm)
        try:
            done = subprocess.run(
                self._command,
                input=head + page.tobytes(),
                capture_output=True,
                timeout=self._seconds,
                env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # more threads cost more than they gain on one page
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            raise CannotRead(Code.FILE_TEXT_RECOGNITION_FAILED) from None
        return _Reading(list(_words(done.stdout.decode("utf-8", "replace"))))


def _words(table: str) -> Iterator[_Word]:
    """The words in Tesseract's table: level, page, block, paragraph, line, word, place, size, confidence, text."""
    for row in table.split("\n"):
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) == _COLUMNS and cells[0] == _WORD_LEVEL and cells[11].strip():
            yield _Word(tuple(cells[2:5]), int(cells[9]), float(cells[10]), cells[11].strip())
