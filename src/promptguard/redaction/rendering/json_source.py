"""JSON source text: each string in it is a text of its own, and may itself be JSON source."""

from __future__ import annotations

import re
from copy import copy
from typing import Final

from promptguard.redaction.rendering.text import Rendering, Standing, strictest

_MAX_MARKS: Final = 100_000
"""Strings and escapes that are looked at; behind more, nothing is put back."""

MAX_SOURCE: Final = 512
"""Characters of source behind a value that may say what it would be: fewer are left of escapes."""

_MAX_LEVELS: Final = 8
"""JSON within strings of JSON that is followed."""

_MARK: Final = re.compile(r'"|\\(?:u[0-9A-Fa-f]{4}|[^u])|\\u?[0-9A-Fa-f]{0,3}', re.DOTALL)
_BETWEEN: Final = re.compile(r"[\s\[\]{},:]*(?:(?:true|false|null|-?\d[\d.eE+-]*)[\s\[\]{},:]*)*\Z")
"""What may stand between the strings of JSON (RFC 8259)."""
_STRING_GOES_ON: Final = re.compile(rf'(?:[^"\\]|\\(?:u[0-9A-Fa-f]{{4}}|[^u])){{0,{MAX_SOURCE}}}', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|[^u])", re.DOTALL)
_PLAIN_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class JsonRendering:
    """As `Rendering`, of JSON source."""

    __slots__ = ("_between", "_content", "_escape", "_fresh", "_inner", "_level", "_marks", "_open", "_valid")

    def __init__(self, level: int = 1) -> None:
        self._level = level
        self._content = Rendering()
        """Of the string that is open; outside of strings, of what stands between them."""
        self._inner: JsonRendering | None = None
        """Where that string holds JSON, what of it has come."""
        self._open = False
        self._fresh = True
        """Nothing of the string has come yet but white space."""
        self._escape = ""
        """The beginning of an escape that is not complete yet."""
        self._between = ""
        self._valid = True
        self._marks = 0

    def copy(self) -> JsonRendering:
        """One that goes on from here by itself."""
        other = copy(self)
        other._content = self._content.copy()
        other._inner = self._inner and self._inner.copy()
        return other

    @property
    def levels(self) -> int:
        """How often a text must be escaped to stand here: once for each string that is open within another."""
        if not (self._open and self._valid):
            return 0
        return 1 + (self._inner.levels if self._inner else 0)

    @property
    def inside(self) -> bool:
        """Whether a value that comes next would be a part of an address, a tag or the like."""
        return self.standing("", " ", final=True) is Standing.LINKED

    def standing(self, value: str, following: str, *, final: bool, files: bool = True, glued: bool = False) -> Standing:
        """What a value would be that comes next; see `Rendering.standing`."""
        if self._marks > _MAX_MARKS:
            return Standing.LINKED
        content, ended = _content(following) if self._open else (following, False)
        content += "\n" * ended  # no part of an answer goes on with it
        final = final or ended or len(following) >= MAX_SOURCE
        readings = (self._content, self._inner) if self._inner else (self._content,)
        return strictest([each.standing(value, content, final=final, files=files, glued=glued) for each in readings])

    def advance(self, text: str) -> None:
        """Go on by a piece of JSON source."""
        text = self._escape + text
        self._escape = ""
        position = 0
        for mark in _MARK.finditer(text):
            self._show(text[position : mark.start()])
            position = mark.end()
            found = mark.group()
            self._marks += 1
            if self._marks > _MAX_MARKS:
                return
            if found == '"':
                self._turn()
            elif position == len(text) and (found == "\\" or (found[1] == "u" and len(found) < 6)):
                self._escape = found
            else:
                self._show(_unescaped(found))
        self._show(text[position:])

    def _turn(self) -> None:
        """A quotation mark: a string begins, or ends."""
        if not self._open:
            self._valid = self._valid and _BETWEEN.match(self._between) is not None
        self._open = not self._open
        self._between = ""
        self._content = Rendering()
        self._fresh = True
        self._inner = None

    def _show(self, text: str) -> None:
        if not text:
            return
        if not self._open and len(self._between) < 4096:
            self._between += text
        if self._open and self._level < _MAX_LEVELS:
            first = text.lstrip()[:1]
            if self._fresh and first and first in "{[":
                self._inner = JsonRendering(self._level + 1)
            self._fresh = self._fresh and not first
            if self._inner is not None:
                self._inner.advance(text)
        self._content.advance(text)


def _content(following: str) -> tuple[str, bool]:
    """What follows within the same string, and whether that is all of it."""
    found = _STRING_GOES_ON.match(following)
    end = found.end() if found else 0
    return _ESCAPE.sub(lambda escape: _unescaped(escape.group()), following[:end]), following[end : end + 1] == '"'


def _unescaped(escape: str) -> str:
    """What a JSON escape stands for (RFC 8259, 7)."""
    if escape[1:2] == "u" and len(escape) == 6:
        return chr(int(escape[2:], 16))
    return _PLAIN_ESCAPES.get(escape[1:], escape[1:])
