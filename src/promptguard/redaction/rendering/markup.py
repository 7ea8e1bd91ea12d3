"""Tags in a text, as a browser's tokenizer reads them (HTML Living Standard, 13.2.5), and what they make of the text.

Inside is: a tag of a known element, from its name to `>`; a value of an attribute that other elements could act on;
comments; and the content of elements that run, draw, submit or hide it. Text between other tags is outside.
"""

from __future__ import annotations

import re
from copy import copy
from enum import Enum, auto
from typing import Final

from promptguard.redaction.rendering.names import ELEMENTS, ENCLOSING, RAW, SELF_CLOSING

_CUSTOM: Final = re.compile(r"[a-z][\w.]*-[\w.-]*\Z")
_ACTED_ON: Final = re.compile(
    r"(?:on\w+|style|is|slot|manifest|longdesc|.*(?:src|href|action|url|link|data|ping|poster|background|cite).*|.*[^a-z0-9_].*)\Z"
)
"""Attributes of any element that something may act on: a browser by the name, frameworks by a mark in it (`hx-get`,
`@click`, `:src`)."""


_ESCAPED: Final = re.compile(r"(?<!\\)((?:\\\\)*\\)<")
_OPENS: Final = re.compile(r"<[A-Za-z/!?]")
_BEGINS: Final = re.compile(r"<[A-Za-z!?]")
_NAME: Final = re.compile(r"[^\s/><]*")
_NAME_OF_HTML: Final = re.compile(r"[^\s/>]*")
_IN_TAG: Final = re.compile(r"[>=]|<(?=[A-Za-z/!?])")
_IN_TAG_OF_HTML: Final = re.compile(r"[>=]")
_VALUE_END: Final = re.compile(r"[\s>]")
_TAKES_IN: Final = re.compile(rf"<(?:!|\?|(?:{'|'.join(sorted(RAW | ENCLOSING))})[\s/>])", re.IGNORECASE)
"""What may take in the blocks that follow."""
_MAX_NAME: Final = 64
_MAX_DEPTH: Final = 64
_FRESH: Final = "\0"
"""Stands before the first character of a comment."""


class _State(Enum):
    TEXT = auto()
    OPENING = auto()
    NAME = auto()
    TAG = auto()
    EQUALS = auto()
    DOUBLE_QUOTED = auto()
    SINGLE_QUOTED = auto()
    UNQUOTED = auto()
    DECLARATION = auto()
    COMMENT = auto()
    BOGUS = auto()
    INSTRUCTION = auto()
    RAW = auto()


_QUOTES: Final = {_State.DOUBLE_QUOTED: '"', _State.SINGLE_QUOTED: "'"}
_VALUES: Final = frozenset({_State.EQUALS, _State.DOUBLE_QUOTED, _State.SINGLE_QUOTED, _State.UNQUOTED})


class Markup:
    """Follows the tags of one text."""

    __slots__ = (
        "_addressed",
        "_assigned",
        "_attribute",
        "_before",
        "_depth",
        "_doubtful",
        "_ends",
        "_known",
        "_lost",
        "_name",
        "_raw",
        "_state",
    )

    def __init__(self) -> None:
        self._state = _State.TEXT
        self._name = ""
        self._ends = False
        """The tag is an end tag."""
        self._known = False
        """It is one of an element that is known, or began within such a tag."""
        self._assigned = False
        """An attribute of it has got a value."""
        self._attribute = ""
        """What was read since the last value: its last word is the attribute that an equals sign assigns."""
        self._before = ""
        """The last characters of a comment, declaration or raw text so far."""
        self._raw = ""
        self._depth: tuple[str, ...] = ()
        """The enclosing elements that are open."""
        self._doubtful = False
        """Renderers disagree about where the tag ends: inside until the block ends."""
        self._lost = False
        """Nobody could say where it ends: inside for good."""
        self._addressed = False
        """An address stands in the block, to which tags behind it may belong."""

    def copy(self) -> Markup:
        """One that goes on from here by itself."""
        return copy(self)

    @property
    def quiet(self) -> bool:
        """Whether nothing is open that text without `<` could go on or end."""
        return self._state is _State.TEXT and not (self._doubtful or self._lost or self._depth)

    @property
    def open(self) -> bool:
        """Whether a tag, comment or the like is open, in which a backtick begins no code."""
        return self._doubtful or self._lost or self._state not in (_State.TEXT, _State.OPENING)

    @property
    def everywhere(self) -> bool:
        """Whether what is open takes in whatever block comes next, code too."""
        hidden = self._state is _State.RAW and self._raw != "title"
        return self._lost or hidden or bool(self._depth) or self._state is _State.COMMENT

    @property
    def inside(self) -> bool:
        """Whether the next character would be part of what is fetched, followed, run or submitted."""
        if self.everywhere or self._doubtful:
            return True
        if self._state in _VALUES:
            return self._known or _ACTED_ON.match(self._attribute) is not None
        if self._state is _State.TAG:
            return self._known and (self._assigned or len(self._name) > 1)
        if self._state is _State.NAME:
            return ":" in self._name  # an autolink
        if self._state is _State.OPENING:
            return self._ends
        return self._state in (_State.DECLARATION, _State.BOGUS, _State.INSTRUCTION)

    @property
    def named(self) -> bool:
        """Whether the next character would be part of the name of a tag, or the scheme of an address in `<…>`."""
        return self._state in (_State.OPENING, _State.NAME)

    @property
    def addresses(self) -> bool:
        """Whether an address in `<…>` has begun, and not ended."""
        return ":" in self._name and self._state is not _State.TEXT

    def lose(self) -> None:
        """From here on, nobody can say what is a tag."""
        self._lost = True

    def advance(self, text: str, *, html: bool, escapes: bool = False) -> None:
        """Go on by a piece of text.

        Args:
            html: it is HTML, without Markdown.
            escapes: a backslash makes text of a tag (CommonMark 2.4).
        """
        if escapes and "\\<" in text:
            text = _ESCAPED.sub(r"\1 ", text)
        self._addressed = self._addressed or (not html and "://" in text)
        position = 0
        while position < len(text):
            position = self._step(text, position, html)

    def end_block(self, *, html: bool) -> None:
        """The paragraph, or the block of HTML, ends. In Markdown, a tag that is still open was none."""
        if self._state in _QUOTES or (html and self._state not in (_State.TEXT, _State.RAW)):
            self._lost = self._lost or html or self.inside  # what ends it stands as text in the page, or is the page's
        self._doubtful = self._addressed = False
        if not html and self._state not in (_State.RAW, _State.COMMENT):
            self._state = _State.TEXT

    def _step(self, text: str, position: int, html: bool) -> int:
        match self._state:
            case _State.TEXT:
                found = text.find("<", position)
                if found < 0:
                    return len(text)
                self._state = _State.OPENING
                self._ends = False
                return found + 1
            case _State.OPENING:
                return self._opening(text[position], position, html)
            case _State.NAME:
                return self._named(text, position, html)
            case _State.TAG:
                return self._in_tag(text, position, html)
            case _State.EQUALS:
                return self._after_equals(text[position], position)
            case _State.DOUBLE_QUOTED | _State.SINGLE_QUOTED:
                return self._quoted(text, position, html)
            case _State.UNQUOTED:
                return self._unquoted(text, position)
            case _State.DECLARATION:
                return self._declared(text[position], position, html)
            case _State.COMMENT:
                return self._commented(text, position, html)
            case _State.BOGUS | _State.INSTRUCTION:
                return self._bogus(text, position)
            case _State.RAW:
                return self._in_raw(text, position)

    def _opening(self, character: str, position: int, html: bool) -> int:
        if character.isascii() and character.isalpha():
            self._state = _State.NAME
            self._name = ""
            return position
        if self._ends or character not in "/!?":
            bogus = self._ends and character != ">"
            self._state = _State.BOGUS if html and bogus else _State.TEXT
            self._doubtful = self._doubtful or bogus  # a comment where text is passed on
            return position
        if character == "/":
            self._ends = True
        else:
            self._state = _State.DECLARATION if character == "!" else _State.INSTRUCTION
            self._before = ""
        return position + 1

    def _named(self, text: str, position: int, html: bool) -> int:
        found = (_NAME_OF_HTML if html else _NAME).match(text, position)
        end = found.end() if found else position
        self._name = (self._name + text[position:end]).lower()[:_MAX_NAME]
        if end == len(text):
            return end
        self._known = self._known or self._name in ELEMENTS or _CUSTOM.match(self._name) is not None
        self._attribute = ""
        self._state = _State.TAG
        return end

    def _in_tag(self, text: str, position: int, html: bool) -> int:
        found = (_IN_TAG_OF_HTML if html else _IN_TAG).search(text, position)
        end = found.start() if found else len(text)
        self._attribute = (self._attribute + text[position:end])[-_MAX_NAME:]
        if found is None:
            return end
        mark = found.group()
        if mark == ">":
            self._end_tag()
        elif mark == "<":  # what began before may have been no tag
            self._state = _State.OPENING
            self._ends = False
        else:
            words = self._attribute.replace("/", " ").split()
            if words:
                self._assigned = True
                self._attribute = words[-1].lower()
                self._state = _State.EQUALS
            else:
                self._attribute = "="  # the name of an attribute may begin with it
        return end + 1

    def _after_equals(self, character: str, position: int) -> int:
        if character.isspace():
            return position + 1
        if character == '"':
            self._state = _State.DOUBLE_QUOTED
        elif character == "'":
            self._state = _State.SINGLE_QUOTED
        else:
            self._state = _State.UNQUOTED
            return position
        return position + 1

    def _quoted(self, text: str, position: int, html: bool) -> int:
        end = text.find(_QUOTES[self._state], position)
        stop = len(text) if end < 0 else end
        if not html:
            self._doubt(text, position, stop)  # Markdown's tag may be the inner one
        if end >= 0:
            self._state = _State.TAG
            self._attribute = ""
        return stop + (end >= 0)

    def _unquoted(self, text: str, position: int) -> int:
        found = _VALUE_END.search(text, position)
        self._doubt(text, position, found.start() if found else len(text))
        if found is None:
            return len(text)
        self._state = _State.TAG
        self._attribute = ""
        return found.start()

    def _declared(self, character: str, position: int, html: bool) -> int:
        self._before += character
        if self._before == "--":
            self._state = _State.COMMENT
            self._before = _FRESH
        elif self._before.upper() == "[CDATA[":
            self._lost = True  # what it is depends on the element that it stands in
            self._state = _State.TEXT
        elif not any(mark.startswith(self._before.upper()) for mark in ("--", "[CDATA[")):
            words = html or (self._before[0].isascii() and self._before[0].isalpha())
            self._state = _State.BOGUS if words else _State.TEXT
            return position
        return position + 1

    def _commented(self, text: str, position: int, html: bool) -> int:
        fresh = self._before == _FRESH
        before = "" if fresh else self._before
        held = before + text[position:]
        at_once = re.match("-?>", held) if fresh else None
        end = at_once or re.search("--!?>", held)
        if not html:
            self._doubt(held, 0, end.start() if end else len(held))  # older renderers see none where `--` is in it
        if end is None:
            self._before = held[-3:]
            return len(text)
        self._state = _State.TEXT
        return position + end.end() - len(before)

    def _doubt(self, text: str, start: int, stop: int) -> None:
        if _OPENS.search(text, start, stop):
            self._doubtful = True
            self._lost = self._lost or _TAKES_IN.search(text, start, stop + 1) is not None

    def _bogus(self, text: str, position: int) -> int:
        end = text.find(">", position)
        if end < 0:
            self._before = text[-1]
            return len(text)
        last = text[end - 1] if end > position else self._before[-1:]
        if self._state is _State.INSTRUCTION and last != "?":
            self._lost = True  # to Markdown it goes on
        self._state = _State.TEXT
        return end + 1

    def _in_raw(self, text: str, position: int) -> int:
        held = self._before + text[position:]
        lowered = held.lower()
        if self._raw == "script" and "<!--" in lowered:
            self._lost = True  # how it ends depends on what the comment holds
        mark = f"</{self._raw}"
        found = lowered.find(mark)
        while found >= 0 and lowered[found + len(mark) : found + len(mark) + 1] not in (*" \t\n\f\r/>", ""):
            found = lowered.find(mark, found + 1)
        if _BEGINS.search(held, 0, found if found >= 0 else len(held)):
            self._doubtful = True  # some clients show such elements as text, and the tags in them as tags
        if found < 0 or found + len(mark) == len(held):
            self._before = held[-len(mark) - 3 :]
            return len(text)
        end = found + len(mark) - len(self._before)
        self._state = _State.TAG
        self._ends, self._name, self._attribute = True, self._raw, ""
        return max(position, position + end)

    def _end_tag(self) -> None:
        name, self_closed = self._name, self._attribute.rstrip().endswith("/")
        self._state = _State.TEXT
        self._known = self._assigned = False
        self._attribute = ""
        if self._ends:
            self._lost = self._lost or (self._addressed and (name in RAW or name in self._depth))
            if name in self._depth:
                last = len(self._depth) - 1 - self._depth[::-1].index(name)
                self._depth = self._depth[:last] + self._depth[last + 1 :]
        elif name in RAW:
            self._state = _State.RAW
            self._raw = name
            self._before = ""
            self._lost = self._lost or name == "plaintext"
        elif name in ENCLOSING and not (self_closed and name in SELF_CLOSING):
            self._depth = (*self._depth, name)
            self._lost = self._lost or len(self._depth) == _MAX_DEPTH
