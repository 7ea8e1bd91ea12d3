"""Text put together from runs: paragraphs to lines, cells to columns."""

from __future__ import annotations


class Lines:
    """Collects runs of text into lines; a line that is empty follows no other empty one."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._last = "\n"

    def add(self, text: str) -> None:
        """Add text to the line."""
        if text:
            self._pieces.append(text)
            self._last = text[-1]

    def tab(self) -> None:
        """Go to the next column."""
        self.add("\t")

    def cell(self) -> None:
        """Go to the next column, unless the line or the column is only beginning."""
        if self._last not in "\n\t":
            self.tab()

    def end(self) -> None:
        """End the line, if anything stands in it."""
        if self._last != "\n":
            self.add("\n")

    @property
    def is_in_word(self) -> bool:
        """Whether what is added next goes on with a word."""
        return not self._last.isspace()

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def take(self) -> str:
        """All that was collected since the last time."""
        text = "".join(self._pieces).strip("\n").rstrip()
        self._pieces.clear()
        self._last = "\n"
        return text
