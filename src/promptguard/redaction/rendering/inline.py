"""The text of one block: what in it is an address, a tag or an image, and what is code, where they mean nothing."""

from __future__ import annotations

import re
from copy import copy
from typing import Final

from promptguard.redaction.rendering.extensions import (
    AttributeList,
    DiagramTarget,
    FootnoteLabel,
    StyleTarget,
    TexTarget,
    WikiLink,
)
from promptguard.redaction.rendering.links import Links
from promptguard.redaction.rendering.markup import Markup
from promptguard.redaction.rendering.targets import Definition, ImageText, LinkTarget, NotedDefinition, Target

_MAX_OPENERS: Final = 16
"""Runs of backticks of different lengths that may still begin code."""

_BACKTICKS: Final = re.compile("`+")
_DIRECTIVE: Final = re.compile(r"::(?=[A-Za-z{\[])")
"""A block of its own wherever it stands, to some renderers (marked-directive)."""
_LINK: Final = re.compile(
    r"(?<![^ \t\n\v\f\r])[(*_\"'-]*!?\[(?![\^!])[^\[\]()<>\\|\n$`{}]*\]"
    r"\((?:https?:|mailto:)?[^\s:\[\]()<>\\|\"'$`{}]*\)"
)
"""A whole link that is one to every renderer: what comes behind it goes on with no address."""
_BACKSLASHES: Final = re.compile(r"\\+\Z")
CELL: Final = re.compile(r"(?<!\\)\|")
"""What ends a cell of a table."""


class State:
    """What is open at a place of a text."""

    __slots__ = ("_preview", "doubtful", "escapes", "links", "markup", "targets", "wiki")

    def __init__(self, markup: Markup | None = None, *, preview: bool = False) -> None:
        """`preview`: it is code that clients render."""
        self._preview = preview
        self.links = Links()
        self.markup = markup or Markup()
        self.wiki = WikiLink()
        self.targets: tuple[Target, ...] = (
            LinkTarget(),
            Definition(),
            NotedDefinition(),
            ImageText(),
            StyleTarget(),
            TexTarget(),
            FootnoteLabel(),
            AttributeList(),
            self.wiki,
            *((DiagramTarget(),) if preview else ()),
        )
        self.escapes = not preview
        """To all, a backslash makes text of a tag: nobody takes the block for HTML."""
        self.doubtful = False
        """A backtick stood where some may not see one: where code ends is not known until the block ends."""

    def copy(self) -> State:
        """One that goes on from here by itself."""
        if self.quiet:
            other = State(preview=self._preview)
        else:
            other = State(self.markup.copy(), preview=self._preview)
            other.targets = tuple(target.copy() for target in self.targets)
            other.wiki = next(target for target in other.targets if isinstance(target, WikiLink))
            other.doubtful = self.doubtful
        other.links = self.links.copy()
        other.escapes = self.escapes
        return other

    @property
    def quiet(self) -> bool:
        """Whether nothing is open but perhaps an address."""
        return not self.doubtful and self.markup.quiet and all(target.quiet for target in self.targets)

    @property
    def inside(self) -> bool:
        """Whether the next character would be part of what is fetched, linked or submitted."""
        return self.doubtful or self.links.inside or self.markup.inside or any(target.inside for target in self.targets)

    @property
    def open(self) -> bool:
        """Whether a backtick here may begin no code."""
        return self.doubtful or self.markup.open or any(target.open for target in self.targets)

    @property
    def expects_target(self) -> bool:
        """Whether the target of a definition comes next."""
        return any(isinstance(target, Definition) and target.expected for target in self.targets)

    def advance(self, text: str, *, html: bool = False) -> None:
        """Go on by a piece of text."""
        markdown = not (html or self._preview)
        position = 0
        for link in _LINK.finditer(text) if markdown and "](" in text else ():
            if link.start() or not self.links.begun:
                self.links.advance(text[position : link.end()] + " ")
                position = link.end()
        self.links.advance(text[position:], html=html)
        self.markup.advance(text, html=html, escapes=self.escapes and not html)
        for target in self.targets:  # some clients take HTML for text
            target.advance(text)


class Inline:
    """Follows the text of the blocks of one text, one after the other."""

    __slots__ = ("_openers", "_uncertain", "state")

    def __init__(self) -> None:
        self.state = State()
        self._uncertain = False
        """Nobody can say where code ends until the block does: all that may be text counts as text."""
        self._openers: tuple[tuple[int, State], ...] = ()
        """Runs of backticks that may begin code: their lengths, and what was open before each."""

    def copy(self) -> Inline:
        """One that goes on from here by itself."""
        other = copy(self)
        other.state = self.state.copy()
        return other

    @property
    def code_ends(self) -> frozenset[int]:
        """Lengths of the runs of backticks that would make harmless code of what is open now."""
        if self._uncertain:
            return frozenset()
        return frozenset(length for length, before in self._openers if not before.inside and not before.open)

    @property
    def ends(self) -> frozenset[int]:
        """Lengths of the runs of backticks that would end code."""
        return frozenset(length for length, _ in self._openers)

    def text(self, text: str) -> None:
        """Go on by a piece of text."""
        position = 0
        for directive in _DIRECTIVE.finditer(text) if "::" in text else ():
            self._spans(text[position : directive.start()])
            position = directive.start()
            self._doubt_open()
        self._spans(text[position:])

    def _spans(self, text: str) -> None:
        position = 0
        for run in _BACKTICKS.finditer(text):
            self.state.advance(text[position : run.start()])
            self._run(len(run.group()), _escaped(text, run.start()), run.group())
            position = run.end()
        self.state.advance(text[position:])

    def row(self, text: str) -> None:
        """Go on by a row of a table: code ends with its cell."""
        for number, cell in enumerate(CELL.split(text)):
            self._openers = ()
            self.text("| " * (number > 0) + cell)

    def beside(self, other: Inline) -> Inline:
        """The same, with the words that are open in another reading of the text; in `<…>` with its own."""
        beside = self.copy()
        if not self.state.markup.addresses:
            beside.state.links = other.state.links
        return beside

    def html(self, text: str) -> None:
        """Go on by a piece of HTML, in which backticks mean nothing."""
        self.state.advance(text, html=True)

    def end_block(self, *, html: bool) -> None:
        """The block ends; tags of HTML go on behind it."""
        markup = self.state.markup
        markup.end_block(html=html)
        self.state = State(markup)
        self._openers = ()
        self._uncertain = False

    def doubt(self, line: str) -> None:
        """A line comes that may belong to the block before it, or not; may be a row of a table, or HTML."""
        self._doubt_open()
        self.state.escapes = False
        self._uncertain = self._uncertain or line.startswith("<") or ("|" in line and "`" in line)

    def _doubt_open(self) -> None:
        """The block may end here, to some."""
        if self.state.markup.inside:
            self.state.markup.lose()  # what would end it may be text
        self._uncertain = self._uncertain or bool(self._openers)

    def end_code(self) -> None:
        """From here on, nothing before ends code."""
        self._openers = ()

    def _run(self, length: int, escaped: bool, run: str) -> None:
        for number, (expected, before) in enumerate(self._openers):
            if expected == length:
                self._openers = self._openers[:number]
                if self._uncertain:
                    break
                self.state = before.copy()  # copies of this share what was open before
                self.state.links.advance("`")
                return
        if self.state.markup.everywhere:
            self.state.markup.lose()  # what is code to Markdown may still end an element, or not
        self.state.doubtful = self.state.open
        opens = length - escaped
        if opens and not self.state.doubtful:
            if len(self._openers) < _MAX_OPENERS:
                self._openers += ((opens, self.state.copy()),)
            else:
                self.state.doubtful = True
        self.state.advance(run)


def _escaped(text: str, position: int) -> bool:
    backslashes = _BACKSLASHES.search(text, max(0, position - 64), position)
    return backslashes is not None and len(backslashes.group()) % 2 == 1
