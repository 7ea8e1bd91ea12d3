"""Reading documents to be registered: text files at once, all others through the readers of files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from promptguard.detectors.fingerprints.plain_text import read_content, read_text
from promptguard.files.reader import FileReader

_PLAIN_ENDINGS = {"", ".adoc", ".asciidoc", ".log", ".markdown", ".md", ".org", ".rst", ".tex", ".text", ".txt"}


class DocumentFiles:
    """Takes the text out of files of any kind that is known. A context manager: there are worker processes to end."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._reader = FileReader(images_need_recognition=False, cached_characters=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._runner.run(self._reader.stop())
        finally:
            self._runner.close()

    def read(self, path: Path) -> str:
        """The text of a file: its pages, sheets, slides and comments one after another.

        Raises:
            Unreadable: not all of its text can be taken out.
        """
        if path.suffix.lower() in _PLAIN_ENDINGS:
            return read_text(path)
        pieces = self._runner.run(self._reader.read_file(read_content(path), path.name))
        return "\n\n".join(piece.text for piece in pieces)
