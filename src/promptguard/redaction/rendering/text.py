"""A text as a client would show it: as Markdown, and as HTML where it begins as that does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from copy import copy
from enum import Enum
from typing import Final

from promptguard.redaction.rendering.blocks import Blocks, Kind
from promptguard.redaction.rendering.inline import Inline, State
from promptguard.redaction.rendering.links import joins, may_join

_PENDING: Final = 8192
"""Characters that may wait to be looked at: most pieces are never asked about, and reading many at once is cheaper."""

_MAX_LINE: Final = 2048
"""Characters of a line that wait for its end."""

_MAX_STEPS: Final = 150_000
"""What may be looked at of one text, in steps of about a microsecond: a bracket is two, a line ten. A text with more
(megabytes of nothing but brackets) is left as it is from there on."""
_LINE_STEPS: Final = 10

_BYTE_ORDER_MARK: Final = "\ufeff"

_MAX_CODE: Final = 256
"""Characters that are waited for to see whether a backtick ends code."""

_LINE: Final = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r(?!\Z))")
_PLAIN: Final = re.compile(r"(?:(?:[^\W\d_](?:[^<`\[\]|@:/.\\\r\n]|[.:](?=[ \n]))*)?\n)+")
"""Lines that are blank, or begin with a letter, and hold nothing that could be a part of a link."""
_FENCED: Final = re.compile(r"(?:(?! {0,3}(?:```|~~~))[^\r\n]*\n)+")
"""Lines that end no fence."""
_CUT: Final = re.compile(r"[^`\\!\]<&@:/.\r-](?=.)", re.DOTALL)
"""A character after which a line may be cut."""
_BACKTICKS: Final = re.compile("`+")


class Standing(Enum):
    """What a value would be at a place of a text."""

    SHOWN = 0
    LINKED = 1
    """Or fetched, or submitted, or nobody can say."""
    UNDECIDED = 2
    """What follows must say."""


def strictest(standings: Collection[Standing]) -> Standing:
    """What a value would be that different clients take differently."""
    for standing in (Standing.LINKED, Standing.UNDECIDED):
        if standing in standings:
            return standing
    return Standing.SHOWN


class Rendering:
    """Follows one text. `advance` by what is shown; `standing` says what a value would be that comes next.

    What it says depends on the text alone, not on the pieces in which it came.
    """

    __slots__ = ("_exhausted", "_page", "_pending", "_size")

    def __init__(self) -> None:
        self._page: _Page | None = None
        self._pending: list[str] = []
        self._size = 0
        self._exhausted = False

    def copy(self) -> Rendering:
        """One that goes on from here by itself."""
        other = copy(self)
        other._page = self._read().copy()
        other._pending = []
        return other

    def advance(self, text: str) -> None:
        """Go on by a piece of text."""
        self._pending.append(text)
        self._size += len(text)
        if self._size > _PENDING:
            self._read()

    @property
    def inside(self) -> bool:
        """Whether a value that comes next would be a part of an address, a tag or the like."""
        return self.standing("", "", final=True) is Standing.LINKED

    def standing(self, value: str, following: str, *, final: bool, files: bool = False) -> Standing:
        """What a value would be that comes next.

        Args:
            following: what has come after it.
            final: nothing more follows, or it cannot be waited for.
            files: see `links.joins`.
        """
        page = self._read()
        if self._exhausted:
            return Standing.LINKED
        standings = {self._at(here, value, following, final, files) for here in page.here()}
        return next(iter(standings)) if len(standings) == 1 else strictest(standings)

    def _at(self, here: _Here, value: str, following: str, final: bool, files: bool) -> Standing:
        if here.kind is _Place.CODE:
            return Standing.LINKED if here.state.links.fetched else Standing.SHOWN
        if here.state.inside or here.kind is _Place.ATTRIBUTE or here.state.links.goes_on_with(value):
            return self._unless_code(here, value, following, final)
        if not final and may_join(following):
            return Standing.UNDECIDED
        if joins(value, following, files=files):
            return self._unless_code(here, value, following, final)
        return Standing.SHOWN

    @staticmethod
    def _unless_code(here: _Here, value: str, following: str, final: bool) -> Standing:
        """Linked, unless what follows ends code that has begun before."""
        if not here.code_ends or here.state.links.fetched or "\n" in value:
            return Standing.LINKED
        waited = following[:_MAX_CODE].split("\n", 1)[0]  # another line may begin another block
        for run in _BACKTICKS.finditer(waited):
            if run.end() == len(following) and not final:
                return Standing.UNDECIDED
            if len(run.group()) in here.ends:
                return Standing.SHOWN if len(run.group()) in here.code_ends else Standing.LINKED
        return Standing.UNDECIDED if not final and len(waited) == len(following) < _MAX_CODE else Standing.LINKED

    def _read(self) -> _Page:
        if self._page is None:
            self._page = _Page()
        text = "".join(self._pending)
        self._pending.clear()
        self._size = 0
        if text and not self._exhausted:
            self._page.read(text)
            self._exhausted = self._page.exhausted
        return self._page


class _Place(Enum):
    TEXT = 0
    CODE = 1
    ATTRIBUTE = 2


class _Here:
    """The end of a text."""

    __slots__ = ("code_ends", "ends", "kind", "state")

    def __init__(self, kind: _Place, state: State, inline: Inline | None = None) -> None:
        self.kind = kind
        self.state = state
        self.code_ends = inline.code_ends if inline else frozenset()
        self.ends = inline.ends if inline else frozenset()


class _Page:
    """The blocks of a text and what stands in them."""

    __slots__ = (
        "_begun",
        "_block",
        "_blocks",
        "_document",
        "_inline",
        "_kind",
        "_line",
        "_preview",
        "_without_html",
        "steps",
    )

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._inline = Inline()
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
        self._without_html: _Page | None = None
        """The same to clients to which HTML is text, where that matters."""
        self.steps = 0
        """How much was looked at."""

    @property
    def exhausted(self) -> bool:
        """Whether too much was looked at to go on."""
        return self.steps >= _MAX_STEPS

    def copy(self) -> _Page:
        """One that goes on from here by itself."""
        other = copy(self)
        other._blocks = self._blocks.copy()
        other._inline = self._inline.copy()
        other._document = self._document and self._document.copy()
        other._preview = self._preview and self._preview.copy()
        other._without_html = self._without_html and self._without_html.copy()
        return other

    def here(self) -> Iterator[_Here]:
        """The end of the text, were words to follow, as clients may see it."""
        page = self
        if self._line or self._kind is None:
            page = self.copy()
            page._begin_line(self._line, more=True)
        if page.exhausted:
            yield _Here(_Place.ATTRIBUTE, page._inline.state)  # as the rest of the text will be
            return
        yield page._here()
        if page._without_html is not None:
            yield page._without_html._here()

    def _here(self) -> _Here:
        inline = self._inline
        document = self._document
        if document is not None and document.markup.inside:
            return _Here(_Place.ATTRIBUTE, document)
        if self._kind is Kind.MARK:
            return _Here(_Place.ATTRIBUTE, inline.state)
        if self._kind is Kind.PREVIEW and self._preview is not None and not inline.state.markup.everywhere:
            return _Here(_Place.TEXT, self._preview)
        if self._kind is Kind.CODE and not inline.state.markup.everywhere:
            return _Here(_Place.CODE, inline.state)
        return _Here(_Place.TEXT, inline.state, inline)

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
        if line.begins:
            self._inline.end_block(html=self._block is Kind.HTML)
            self._preview = None
        if line.delimits:
            self._inline.end_code()
        self._inline.state.doubtful |= line.doubtful
        self._kind = self._block = line.kind
        content = line.content[:-1] if more else line.content + "\n"
        if line.kind is Kind.PREVIEW and self._preview is None:
            self._preview = State()
        self._words(line.kind, content)

    def _other(self) -> _Page:
        """The same page, as from here on to clients to which HTML is text."""
        other = self.copy()
        other._blocks = self._blocks.copy(html=False)
        other._document = None
        return other

    def _words(self, kind: Kind, text: str) -> None:
        if kind is Kind.CODE:
            self._inline.state.links.advance(text)
            return
        self.steps += sum(map(text.count, "<[]()\\&")) * 2 + sum(map(text.count, "`|")) * 20
        if self.exhausted:
            return
        match kind:
            case Kind.TEXT:
                self._inline.text(text)
            case Kind.ROW:
                self._inline.row(text)
            case Kind.HTML:
                self._inline.html(text)
            case Kind.PREVIEW if self._preview is not None:
                self._preview.advance(text)
            case _:
                pass
