"""Where Markdown names addresses: targets of links and images, and definitions of references.

Each is followed by itself, within one block. What makes a link is seen only at its end, so all that could become one
counts. The words of an image that are shown in its place count too: they become an attribute.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from copy import copy
from typing import Final, Self

_MAX_BEGUN_LINE: Final = 4_096
"""Characters of a line that are looked at, to see whether something begins on it."""

_MAX_LABEL: Final = 999
"""Characters of the longest label of a definition (CommonMark 4.7)."""

_SPACE: Final = re.compile(r"\s*")


class Target(ABC):
    """Follows one kind of address in the text of a block. Pieces never end within a mark such as `](`."""

    __slots__ = ("_active",)

    def __init__(self) -> None:
        self._active = False
        """It has begun, and not ended."""

    def copy(self) -> Self:
        """One that goes on from here by itself."""
        return copy(self)

    @property
    def inside(self) -> bool:
        """Whether the next character, unless it is white space, would be part of it."""
        return self._active

    @property
    def quiet(self) -> bool:
        """Whether nothing has begun that the text so far could matter to."""
        return not self._active

    @property
    def open(self) -> bool:
        """Whether a backtick here may be part of it, and begin no code."""
        return self._active

    def advance(self, text: str) -> None:
        """Go on by a piece of text."""
        position = 0
        while position < len(text):
            position = self._step(text, position) if self._active else self._search(text, position)

    @abstractmethod
    def _search(self, text: str, position: int) -> int:
        """Where to read on: behind the next beginning, or the end."""

    @abstractmethod
    def _step(self, text: str, position: int) -> int:
        """Where to read on, inside."""


class LinkTarget(Target):
    """The inside of `](…)`, to the closing parenthesis: the target, and its title."""

    __slots__ = ("_angle", "_before", "_depth", "_fresh")

    _MARK = re.compile(r"\\.?|[()<>\n]", re.DOTALL)

    def __init__(self) -> None:
        super().__init__()
        self._begin()

    def _begin(self) -> None:
        self._depth = 0
        """Of parentheses within the target."""
        self._fresh = True
        """Nothing but white space so far: `<` would begin a target that ends at `>`."""
        self._angle = False

    def _search(self, text: str, position: int) -> int:
        start = text.find("](", position)
        if start < 0:
            return len(text)
        self._active = True
        self._begin()
        return start + 2

    def _step(self, text: str, position: int) -> int:
        if self._fresh:
            found = _SPACE.match(text, position)
            position = found.end() if found else position
            if position == len(text):
                return position
            self._fresh = False
            if text[position] == "<":
                self._angle = True
                return position + 1
        mark = self._MARK.search(text, position)
        if mark is None:
            return len(text)
        match mark.group():
            case "\n" | ">":
                self._angle = False
            case "(" if not self._angle:
                self._depth += 1
                self._fresh = text[mark.start() - 1 : mark.start()] == "]"  # a target within what looked like one
            case ")" if not self._angle:
                self._active = self._depth > 0
                self._depth -= 1
        return mark.end()


class Definition(Target):
    """The target of `[label]: target` at the beginning of a line, and a title behind it."""

    __slots__ = ("_closing", "_label", "_next_line", "_state")

    @property
    def expected(self) -> bool:
        """Whether nothing of the target has come yet."""
        return self._active and self._state == "before"

    _BRACKET = re.compile(r"\\.?|\[|\]:?", re.DOTALL)
    OPENS = r"[ \t>]*(?:(?:[-+*:~]|\d{1,9}[.)])[ \t>]+)*"
    """What may stand before it on its line: the marks of containers."""

    _OPENING = re.compile(rf"{OPENS}\Z")
    _OPENING_NEXT = re.compile(r"[>\[+*:~-]|\d{1,9}[.)]")
    """How a line may begin that is no target of the definition before it, but another block, a definition too."""

    def __init__(self) -> None:
        super().__init__()
        self._label = -1
        """Characters of the label so far that may be one; -1 outside."""
        self._state = ""
        self._next_line = False
        """Whether a line has ended and nothing of the target has come."""
        self._closing = ""

    @property
    def inside(self) -> bool:
        return self._active and self._state != "behind"

    @property
    def quiet(self) -> bool:
        return not self._active and self._label < 0

    def _search(self, text: str, position: int) -> int:
        mark = self._BRACKET.search(text, position)
        end = mark.end() if mark else len(text)
        if self._label >= 0:
            self._label += end - position
        if mark is None:
            return end
        match mark.group():
            case "[":
                self._label = 0 if self._OPENING.match(_begun_line(text, mark.start())) else -1
            case "]:":
                self._active = 0 <= self._label <= _MAX_LABEL + 2
                self._label = -1
                self._state = "before"
                self._next_line = False
            case "]":
                self._label = -1
        return end

    def _step(self, text: str, position: int) -> int:
        character = text[position]
        match self._state:
            case "before":
                found = _SPACE.match(text, position)
                start, position = position, found.end() if found else position
                self._next_line |= "\n" in text[start:position]
                if position < len(text) and self._next_line and self._OPENING_NEXT.match(text, position):
                    self._state = "line"
                elif position < len(text):
                    self._state = "target"
                    self._closing = ">" if text[position] == "<" else ""
                return position
            case "target":
                end = re.compile(r"[>\n]" if self._closing else r"\s").search(text, position + (character == "<"))
                if end is None:
                    return len(text)
                self._state = "behind"
                return end.end() - (end.group() == "\n")
            case "line":
                line, newline, _ = text[position:].partition("\n")
                if newline:
                    self._state = "before"
                    self._next_line = False
                    self._active = line.rstrip().endswith("]:")
                return position + len(line)
            case "behind":
                found = _SPACE.match(text, position)
                position = found.end() if found else position
                if position == len(text):
                    return position
                self._closing = {'"': '"', "'": "'", "(": ")"}.get(text[position], "")
                self._active = bool(self._closing)
                self._state = "title"
                return position + self._active
            case _:
                end = re.compile(rf"\\.?|{re.escape(self._closing)}", re.DOTALL).search(text, position)
                if end is None:
                    return len(text)
                self._active = end.group()[0] == "\\"
                return end.end()


def _begun_line(text: str, end: int) -> str:
    """What stands before `end` on its line: the last of it, from behind a space on, where that is much."""
    first = max(end - _MAX_BEGUN_LINE, 0)
    line = text.rfind("\n", first, end) + 1
    if line or not first:
        return text[line:end]
    space = text.find(" ", first, end) + 1
    return text[space or first : end]


class NotedDefinition(Definition):
    """A definition at the beginning of a footnote, which is one itself where there are no footnotes."""

    # Each alternative begins with other characters than the rest, and gives nothing back: no text is tried twice.
    _MARK = r"[ \t>]|(?:[-+*:~]|\d{1,9}[.)])(?=[ \t>])"
    _NOTE = r"\[\^[^\[\]\n]{0,999}\]:"
    _OPENING = re.compile(rf"(?:{_MARK})*+{_NOTE}(?:{_MARK}|{_NOTE})*+\Z")

    def _search(self, text: str, position: int) -> int:
        if self._label == 0 and text[position] == "^":
            self._label = -1  # another footnote
        return super()._search(text, position)


class ImageText(Target):
    """The words of an image, `![…]`, which become an attribute."""

    __slots__ = ("_depth",)

    @property
    def open(self) -> bool:
        return False

    _MARK = re.compile(r"\\.?|[\[\]]", re.DOTALL)

    def _search(self, text: str, position: int) -> int:
        start = text.find("![", position)
        if start < 0:
            return len(text)
        self._active = True
        self._depth = 0
        return start + 2

    def _step(self, text: str, position: int) -> int:
        mark = self._MARK.search(text, position)
        if mark is None:
            return len(text)
        if mark.group() == "[":
            self._depth += 1
        elif mark.group() == "]":
            self._active = self._depth > 0
            self._depth -= 1
        return mark.end()
