"""The blocks of a text, each read as what it is, and the place that the text has come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from enum import Enum
from typing import Final

from promptguard.redaction.rendering.blocks import MARKS, Blocks, Kind
from promptguard.redaction.rendering.inline import Inline, State

_MAX_LINE: Final = 2048
"""Characters of a line that wait for its end."""

_MAX_STEPS: Final = 150_000
"""What may be looked at of one text, in steps of about a microsecond: a bracket is two, a line ten. A text with more
(megabytes of nothing but brackets) is left as it is from there on."""
_LINE_STEPS: Final = 10

_BYTE_ORDER_MARK: Final = "\ufeff"

_LINE: Final = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r(?!\Z))")
_PLAIN: Final = re.compile(r"(?:(?:[^\W\d_](?:[^<`\[\]|@:/.\\\r\n]|[.:](?=[ \n]))*)?\n)+")
"""Lines that are blank, or begin with a letter, and hold nothing that could be a part of a link."""
_FENCED: Final = re.compile(r"(?:(?! {0,3}(?:```|~~~))[^\r\n]*\n)+")
"""Lines that end no fence."""
_CUT: Final = re.compile(r"[^`\\!\]<&@:/.\r-](?=.)", re.DOTALL)
"""A character after which a line may be cut."""


class Place(Enum):
    """What a place of a text is."""

    TEXT = 0
    CODE = 1
    ATTRIBUTE = 2


class Here:
    """The end of a text."""

    __slots__ = ("code_ends", "ends", "kind", "state")

    def __init__(self, kind: Place, state: State, inline: Inline | None = None) -> None:
        self.kind = kind
        self.state = state
        self.code_ends = inline.code_ends if inline else frozenset()
        self.ends = inline.ends if inline else frozenset()


class Page:
    """The blocks of a text and what stands in them."""

    __slots__ = (
        "_begun",
        "_block",
        "_blocks",
        "_document",
        "_flat",
        "_inline",
        "_kind",
        "_line",
        "_names",
        "_preview",
        "_without_html",
        "steps",
    )

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._inline = Inline()
        self._flat: Inline | None = None
        """The rows of a table that is open, to clients that know none: one paragraph."""
        self._begun = False
        self._document: State | None = None
        """The text as HTML, where it begins with a tag."""
        self._preview: State | None = None
        """What is open in code that some clients render."""
        self._kind: Kind | None = None
        """Of the line whose beginning was read; None at the beginning of a line."""
        self._block = Kind.BLANK
        """Of the line before."""
        self._line = ""
        """What waits for the line's end."""
        self._names = False
        """The line may name the language of code."""
        self._without_html: Page | None = None
        """The same to clients to which HTML is text, where that matters."""
        self.steps = 0
        """How much was looked at."""

    @property
    def exhausted(self) -> bool:
        """Whether too much was looked at to go on."""
        return self.steps >= _MAX_STEPS

    def copy(self) -> Page:
        """One that goes on from here by itself."""
        other = copy(self)
        other._blocks = self._blocks.copy()
        other._inline = self._inline.copy()
        other._flat = self._flat and self._flat.copy()
        other._document = self._document and self._document.copy()
        other._preview = self._preview and self._preview.copy()
        other._without_html = self._without_html and self._without_html.copy()
        return other

    def here(self) -> Iterator[Here]:
        """The end of the text, were words to follow, as clients may see it."""
        page = self
        if self._line or self._kind is None:
            page = self.copy()
            page._begin_line(self._line, more=True)
        if page.exhausted:
            yield Here(Place.ATTRIBUTE, page._inline.state)  # as the rest of the text will be
            return
        yield from page._readings()
        if page._without_html is not None:
            yield from page._without_html._readings()

    def _readings(self) -> Iterator[Here]:
        yield self._here()
        if self._flat is not None and self._kind is Kind.ROW:
            flat = self._flat.beside(self._inline)
            yield Here(Place.TEXT, flat.state, flat)

    def _here(self) -> Here:
        inline = self._inline
        document = self._document
        if document is not None and document.markup.inside:
            return Here(Place.ATTRIBUTE, document)
        if self._kind in (Kind.MARK, Kind.DRAWN) or self._names:
            return Here(Place.ATTRIBUTE, inline.state)
        if self._kind is Kind.PREVIEW and self._preview is not None and not inline.state.markup.everywhere:
            return Here(Place.TEXT, self._preview)
        if self._kind is Kind.CODE and not inline.state.markup.everywhere:
            return Here(Place.CODE, inline.state)
        return Here(Place.TEXT, inline.state, inline)

    def read(self, text: str) -> None:
        """Read on, and leave what may change its meaning with the rest of its line."""
        text = self._line + text
        if not self._begun:
            first = text.lstrip()[:1]
            self._begun = bool(first)
            self.steps += _MAX_STEPS * (first == _BYTE_ORDER_MARK)  # some pass over it, some do not
            self._document = State() if first == "<" else None
        position = 0
        while not self.exhausted:
            if self._kind is None:
                position = self._skip(text, position)
            line = _LINE.match(text, position)
            if line is None:
                break
            self._whole_line(line[1])
            position = line.end()
        self._line = text[position:]
        if len(self._line) > _MAX_LINE and not self.exhausted:
            self._line = self._part_of_line(self._line)

    def _skip(self, text: str, position: int) -> int:
        """Pass over lines of which only the last matters."""
        if self._document is not None or self._without_html is not None:
            return position
        if self._inline.ends or not self._inline.state.quiet:
            return position
        if self._blocks.in_plain_text:
            skipped = _PLAIN.match(text, position)
        elif self._blocks.in_plain_code:
            skipped = _FENCED.match(text, position)
        else:
            return position
        if skipped is None:
            return position
        return max(position, text.rfind("\n", position, skipped.end() - 1) + 1)

    def _whole_line(self, line: str) -> None:
        if len(line) > _MAX_LINE:
            line = self._part_of_line(line)
        if not self.exhausted:
            self._begin_line(line, more=False)
        self._kind = None
        if self._without_html is not None:
            self._without_html._kind = None

    def _part_of_line(self, line: str) -> str:
        """Read the beginning of a long line, and then more; what is left of it."""
        if self._kind is None:
            line = self._cut(line, _MAX_LINE)
        return self._cut(line, len(line) - 1)

    def _cut(self, line: str, end: int) -> str:
        """Read a line up to about `end`, where no mark is cut; what is left of it."""
        for cut in range(min(end, len(line) - 1), max(0, end - 64), -1):
            if _CUT.match(line, cut - 1):
                self._begin_line(line[:cut], more=True)
                return line[cut:]
        self.steps += _MAX_STEPS  # nothing but marks
        return line

    def _begin_line(self, text: str, *, more: bool) -> None:
        """Read a line, or a part of one."""
        self.steps += _LINE_STEPS
        if self._document is not None:
            self._document.advance(text if more else text + "\n", html=True)
        if self._without_html is not None:
            self._without_html._begin_line(text, more=more)
            self.steps += self._without_html.steps
            self._without_html.steps = 0
        if self._kind is not None:
            self._blocks.part(text)
            self._words(self._kind, text if more else text + "\n")
            return
        other = self._other() if "<" in text and self._without_html is None else None
        line = self._blocks.line(text + "x" if more else text)
        if other is not None and line.kind is Kind.HTML:
            other._begin_line(text, more=more)
            self._without_html = other
        if line.begins and line.kind is not Kind.BLANK and self._inline.state.expects_target:
            self.steps += _MAX_STEPS  # some take the beginning of another block for the target
        if line.delimits and self._flat is None:
            self._flat = self._inline.copy()
        elif line.begins and line.kind is not Kind.ROW:
            self._flat = None
        if line.begins:
            self._inline.end_block(html=self._block is Kind.HTML)
            self._preview = None
        if line.delimits:
            self._inline.end_code()
        if line.uncertain:
            self._inline.doubt(line.content.lstrip(MARKS))
        self._inline.state.doubtful |= line.doubtful
        self._kind = self._block = line.kind
        self._names = line.names
        if line.uncertain and line.content.lstrip(MARKS).startswith("<"):
            self._block = Kind.HTML
        content = line.content[:-1] if more else line.content + "\n"
        if line.kind is Kind.PREVIEW and self._preview is None:
            self._preview = State(preview=True)
        self._words(line.kind, content)

    def _other(self) -> Page:
        """The same page, as from here on to clients to which HTML is text."""
        other = self.copy()
        other._blocks = self._blocks.copy(html=False)
        other._document = None
        return other

    def _words(self, kind: Kind, text: str) -> None:
        if kind is Kind.CODE:
            self._inline.state.links.advance(text, html=True)
            return
        self.steps += sum(map(text.count, "<[]()\\&")) * 2 + sum(map(text.count, "`|")) * 20
        if self.exhausted:
            return
        match kind:
            case Kind.TEXT:
                self._inline.text(text)
            case Kind.ROW:
                self._inline.row(text)
                if self._flat is not None:
                    self._flat.text(text)
            case Kind.HTML:
                self._inline.html(text)
            case Kind.PREVIEW if self._preview is not None:
                self._preview.advance(text)
            case _:
                pass
