"""A text as a client would show it: as Markdown, and as HTML where it begins as that does."""

from __future__ import annotations

import re
from collections.abc import Collection
from copy import copy
from enum import Enum
from typing import Final

from promptguard.redaction.rendering.inline import CELL
from promptguard.redaction.rendering.links import MAX_FOLLOWING, Links, joins, may_join
from promptguard.redaction.rendering.page import Here, Page, Place

_PENDING: Final = 32_768
"""Characters that may wait to be looked at: most pieces are never asked about, and reading many at once is cheaper."""

_MAX_CODE: Final = 256
"""Characters that are waited for to see whether a backtick ends code."""

_BACKTICKS: Final = re.compile("`+")
_LINE_END: Final = re.compile(r"[\r\n]")
"""CommonMark 2.1: a carriage return alone ends a line, too."""
_SCHEME_ENDS: Final = re.compile(r"[\w+.-]{0,32}(?::|&#|&colon)")
"""What makes a scheme of a value behind `<` (CommonMark 6.5)."""


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
        self._page: Page | None = None
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
        return self.standing("", " ", final=True) is Standing.LINKED

    def standing(
        self, value: str, following: str, *, final: bool, files: bool = False, glued: bool = False
    ) -> Standing:
        """What a value would be that comes next.

        Args:
            following: what has come after it.
            final: nothing more follows, or it cannot be waited for.
            files: see `links.joins`.
            glued: it comes right behind another value, whose mailbox it may go on with.
        """
        page = self._read()
        if self._exhausted:
            return Standing.LINKED
        standings = {self._at(here, value, following, final, files, glued) for here in page.here()}
        return next(iter(standings)) if len(standings) == 1 else strictest(standings)

    def _at(self, here: Here, value: str, following: str, final: bool, files: bool, glued: bool) -> Standing:
        if here.kind is Place.CODE:
            return self._in_code(here.state.links, value, following, final, files)
        if here.state.inside or here.kind is Place.ATTRIBUTE or here.state.links.goes_on_with(value, glued=glued):
            return self._unless_code(here, value, following, final)
        named = here.state.wiki.ends_in(following[:MAX_FOLLOWING])
        if named or (here.state.markup.named and _SCHEME_ENDS.match(following)):
            return self._unless_code(here, value, following, final)
        closes = here.state.links.closes_in(following[:MAX_FOLLOWING])
        if closes:
            return self._unless_code(here, value, following, final)
        waits = named is None or closes is None
        if not final and (may_join(following) or (waits and len(following) < MAX_FOLLOWING)):
            return Standing.UNDECIDED
        if named is None or closes is None or joins(value, following, files=files):
            return self._unless_code(here, value, following, final)
        return Standing.SHOWN

    @staticmethod
    def _in_code(links: Links, value: str, following: str, final: bool, files: bool) -> Standing:
        """What a value would be in code, whose strings a program may take for addresses."""
        if links.addressed or links.ends_root(value):
            return Standing.LINKED
        if not links.in_root:
            return Standing.SHOWN
        if not final and may_join(following):
            return Standing.UNDECIDED
        return Standing.LINKED if joins(value, following, files=files) else Standing.SHOWN

    @staticmethod
    def _unless_code(here: Here, value: str, following: str, final: bool) -> Standing:
        """Linked, unless what follows ends code that has begun before."""
        if not here.code_ends or here.state.links.addressed or _LINE_END.search(value):
            return Standing.LINKED
        waited = _LINE_END.split(following[:_MAX_CODE], 1)[0]  # another line may begin another block
        cell = CELL.search(waited)
        for run in _BACKTICKS.finditer(waited):
            if cell is not None and cell.start() < run.start():
                return Standing.LINKED  # perhaps a row of a table, whose cells end code
            if run.end() == len(following) and not final:
                return Standing.UNDECIDED
            if len(run.group()) in here.ends:
                return Standing.SHOWN if len(run.group()) in here.code_ends else Standing.LINKED
        return Standing.UNDECIDED if not final and len(waited) == len(following) < _MAX_CODE else Standing.LINKED

    def _read(self) -> Page:
        if self._page is None:
            self._page = Page()
        text = "".join(self._pending)
        self._pending.clear()
        self._size = 0
        if text and not self._exhausted:
            self._page.read(text)
            self._exhausted = self._page.exhausted
        return self._page
