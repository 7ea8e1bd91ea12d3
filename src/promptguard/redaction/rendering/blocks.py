"""CommonMark's block structure, line by line (CommonMark 0.31.2, appendix "A parsing strategy", phase 1; GFM's tables).

Says of each line whether it is code, HTML or text, and what of it remains without the marks of its quotes and lists.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from promptguard.redaction.rendering.links import TAG
from promptguard.redaction.rendering.names import DRAWN, is_previewed, languages

_MAX_CONTAINERS: Final = 100
"""Quotes and lists within each other; deeper, nothing is taken for code any more."""

_FENCE: Final = re.compile(r"(`{3,}(?!.*`)|~{3,})")
_QUOTE: Final = ">"
_MARGIN: Final = " \t>"
_FENCED: Final = re.compile(r"[ \t>]*(?:(?:[-+*:~]|\d{1,9}[.)]|\[\^[^\[\]]*\]:)[ \t>]+)*(?:```|~~~)")
MARKS: Final = " \t>-+*.)0123456789:~"
"""What the marks of containers consist of."""
_EXTENSION: Final = re.compile(r"\[\^[^\[\]\s]*\]:|[:~](?=[ ]|\Z)|!!!|[?]{3}[+]?(?=[ ]|\Z)|={3} ?\"")
"""What begins a container to some renderers: a footnote, a definition, an admonition, a tab."""
_ENCLOSURE: Final = re.compile(r"(?P<directive>:{3})|(?P<collapsed>\+\+[+>])|(?P<matter>%{3})|(?P<bracket>\\\[)")
"""Begins a container that a line of its own ends, to some renderers; that line ends a fence in it too."""
_DIRECTIVE: Final = re.compile(r"(?P<directive>:{3})")
"""May begin behind words, too (marked-directive)."""
_ENDS: Final = {
    "directive": re.compile(r"[ \t>]*:{3}"),
    "collapsed": re.compile(r"[ \t>]*\+\+[+>]"),
    "matter": re.compile(r"[ \t>]*%{3}"),
    "bracket": re.compile(r"\\\]"),
}
_PARSED: Final = re.compile(r"[ \t]*\{[A-Za-z]")
"""The info string of a fence whose content is Markdown to MyST: `{note}`. To others it is a language: `{r}`."""
_DISPLAYED: Final = "$$"
"""Begins and ends mathematics, which takes in fences."""
_ITEM: Final = re.compile(r"(?:[-+*]|(\d{1,9})[.)])(?=[ ]|\Z)")
_HEADING: Final = re.compile(r"#{1,6}(?:[ \t]|\Z)")
_BREAK: Final = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_UNDERLINE: Final = re.compile(r"(?:=+|-+)[ \t]*\Z")
_DELIMITERS: Final = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")

_BLOCK_NAMES: Final = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu"
    "|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|tfoot|th|thead"
    "|title|tr|track|ul"
)
_HTML: Final = tuple(
    (re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE) if end else None)
    for start, end in (
        (r"<(?:script|pre|style|textarea)(?:\s|>|\Z)", r"</(?:script|pre|style|textarea)>"),
        (r"<!--", r"-->"),
        (r"<\?", r"\?>"),
        (r"<![a-z]", r">"),
        (r"<!\[CDATA\[", r"\]\]>"),
        (rf"</?(?:{_BLOCK_NAMES})(?:\s|/?>|\Z)", ""),
        (rf"{TAG}\s*\Z", ""),
    )
)
"""How the kinds of HTML blocks begin, and end: by what the line holds, or by a blank line. (4.6)"""


class Kind(Enum):
    """What a line is."""

    BLANK = 0
    TEXT = 1
    ROW = 2
    """A row of a table, where the client knows tables."""
    CODE = 3
    PREVIEW = 4
    """Code that some clients render."""
    HTML = 5
    MARK = 6
    """No words of its own: the fence of code, whose language becomes an attribute."""
    DRAWN = 7
    """Code that some clients run as soon as it is shown."""


@dataclass(slots=True)
class _Leaf:
    """The block that is open and holds no others."""

    kind: Kind
    fence: str = ""
    """The characters that opened it."""
    end: re.Pattern[str] | None = None
    """What ends an HTML block. None: a blank line."""
    fenced: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """An open list item."""

    width: int
    """Columns that its lines are indented by."""


_NOTHING: Final = _Leaf(Kind.BLANK)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, read."""

    kind: Kind
    content: str
    begins: bool
    """It belongs to no block that was open before it: what was open has ended."""
    delimits: bool = False
    """It makes the line before it the head of a table."""
    doubtful: bool = False
    """Some clients take it for HTML, others for text."""
    names: bool = False
    """What it says may be the name of a language, which becomes an attribute."""
    uncertain: bool = False
    """Renderers disagree about the block that it belongs to: it may be text, and go on with the line before."""


class Blocks:
    """Follows the blocks of one text."""

    __slots__ = (
        "_after_blank",
        "_containers",
        "_displayed",
        "_empty_item",
        "_enclosures",
        "_html",
        "_leaf",
        "_lost",
        "_merged",
        "_mixed",
    )

    def __init__(self) -> None:
        self._html = True
        self._containers: tuple[_Item | None, ...] = ()
        """The open quotes (None) and list items, the outermost first."""
        self._leaf = _NOTHING
        self._empty_item = False
        """The innermost item has begun with a blank line."""
        self._enclosures: frozenset[str] = frozenset()
        """The kinds of containers that were begun, to some renderers, each with an end of its own."""
        self._displayed = False
        """Mathematics was begun, to some renderers."""
        self._lost = False
        """Renderers disagree about the blocks."""
        self._mixed = False
        """Where they did, a fence or HTML may have begun, and may be open still to some."""
        self._merged = False
        """Some take what is indented behind a blank line for more of the paragraph before (marked, in list items)."""
        self._after_blank = False

    def copy(self, *, html: bool = True) -> Blocks:
        """One that goes on from here by itself; without `html`, as for clients to which all HTML is text."""
        other = copy(self)
        other._html = self._html and html
        return other

    @property
    def in_plain_text(self) -> bool:
        """Whether neither quotes nor lists are open, nor any block but a paragraph."""
        return not (self._containers or self._lost) and self._leaf.kind in (Kind.BLANK, Kind.TEXT)

    @property
    def in_plain_code(self) -> bool:
        """Whether a fence is open in neither quotes nor lists, around code that nobody renders."""
        enclosed = self._containers or self._lost or self._enclosures or self._displayed
        return not enclosed and self._leaf.fenced and self._leaf.kind is Kind.CODE

    def line(self, line: str) -> Line:
        """Read one line, without its end."""
        whole = line
        if "\t" in line[:80]:
            line = line.expandtabs(4)
        if self._lost and self._found_again(line):
            self._lost = self._merged = self._after_blank = False
            self._containers = ()
            self._leaf = _NOTHING
        if not self._lost:
            found = self._followed(line)
            self._lost = self._lost or self._tabbed(whole)
            if not self._lost:
                return found
        return self._without_blocks(whole)

    def _without_blocks(self, line: str) -> Line:
        """A line of which nobody knows the block: text, which goes on until a blank line."""
        blank = not line.strip(" \t")
        words = line.lstrip(MARKS)
        fence = words.startswith(("```", "~~~"))
        self._mixed = self._mixed or fence or words.startswith("<")
        self._merged = self._merged or not (blank or self._after_blank or _margin(line) < 4)
        self._after_blank = blank
        if blank:
            return Line(Kind.BLANK, "", not self._merged, uncertain=self._merged)
        return Line(Kind.TEXT, line.lstrip(_MARGIN), False, uncertain=True, names=fence)

    def _found_again(self, line: str) -> bool:
        """Whether whatever was open has ended to every renderer: an unindented line comes behind a blank one."""
        return self._after_blank and not self._mixed and line[:1] not in (" ", "\t", "")

    def _tabbed(self, line: str) -> bool:
        """Whether a tab stands between the marks of containers: renderers count its columns differently."""
        margin = len(line) - len(line.lstrip(MARKS))
        return "\t" in line[:margin] and (bool(self._containers) or bool(line[:margin].strip()))

    def _followed(self, line: str) -> Line:
        """A line, by the standard. Where renderers are known to differ, the blocks are lost."""
        rest, matched = self._continued(line)
        if matched == len(self._containers) and self._leaf.kind in (Kind.CODE, Kind.PREVIEW, Kind.DRAWN, Kind.HTML):
            found = self._in_leaf(rest)
            if found is not None:
                return found
        if self._leaf.fenced and any(self._containers[matched:]) and rest.strip(" ") and not _FENCE.match(rest):
            self._lost = self._mixed = True  # some take it for a line of the code (marked)
        return self._opened(rest, matched)

    def part(self, text: str) -> None:
        """Take notice of a further part of the line."""
        if self._leaf.kind is Kind.HTML and self._leaf.end is not None and self._leaf.end.search(text):
            self._leaf = _NOTHING

    def _continued(self, line: str) -> tuple[str, int]:
        """What remains of a line behind the marks of the containers that it continues, and how many those are."""
        matched = 0
        for container in self._containers:
            indent = _indent(line)
            if container is None:
                if indent > 3 or line[indent : indent + 1] != _QUOTE:
                    break
                line = _behind_quote(line, indent)
            elif indent == len(line):
                if self._empty_item and matched == len(self._containers) - 1:
                    break  # an item may begin with one blank line at most
                line = ""
            elif indent >= container.width:
                line = line[container.width :]
            else:
                break
            matched += 1
        return line, matched

    def _in_leaf(self, rest: str) -> Line | None:
        leaf = self._leaf
        if leaf.kind is Kind.HTML:
            if leaf.end is None and not rest.strip(" "):
                self._leaf = _NOTHING
                return Line(Kind.BLANK, "", True)
            self.part(rest)
            return Line(Kind.HTML, rest, False)
        if leaf.fenced:
            indent = _indent(rest)
            closing = rest.strip()
            if self._ends_enclosure(rest):
                self._lost = self._mixed = True
            if indent <= 3 and len(closing) >= len(leaf.fence) and not closing.strip(leaf.fence[0]):
                self._leaf = _NOTHING
                return Line(Kind.MARK, "", True)
            names = leaf.kind is Kind.PREVIEW and _FENCED.match(rest) is not None
            return Line(leaf.kind, rest, False, names=names)
        if not rest.strip(" ") or _indent(rest) >= 4:
            return Line(Kind.CODE, rest, False)
        return None

    def _note_enclosure(self, rest: str, indent: int) -> None:
        """Take notice of what begins here to some renderers, and ends by a line of its own."""
        found = _ENCLOSURE.match(rest, indent) or _DIRECTIVE.search(rest)
        if found and found.lastgroup:
            self._enclosures |= {found.lastgroup}
            self._lost = True  # its lines may be less indented than they seem

    def _note_displayed(self, rest: str) -> None:
        """The same of mathematics."""
        if _DISPLAYED in rest and (self._displayed or rest.lstrip(" ").startswith(_DISPLAYED)):
            self._displayed ^= rest.count(_DISPLAYED) % 2 == 1

    def _ends_enclosure(self, line: str) -> bool:
        """Whether a line of code would end what was begun around it."""
        if self._displayed and _DISPLAYED in line:
            return True
        return any(
            _ENDS[kind].search(line) if kind == "bracket" else _ENDS[kind].match(line) for kind in self._enclosures
        )

    def _opened(self, rest: str, matched: int) -> Line:
        """A line that continues no leaf but a paragraph: opens containers, then a leaf."""
        whole = matched == len(self._containers)
        paragraph = self._leaf.kind in (Kind.TEXT, Kind.ROW)
        closed_html = self._leaf.kind is Kind.HTML
        containers = self._containers[:matched]
        empty = False
        while True:
            indent = _indent(rest)
            self._lost = self._lost or _EXTENSION.match(rest, indent) is not None
            self._note_enclosure(rest, indent)
            if indent == len(rest):
                return self._blank(containers, whole and len(containers) == matched, empty)
            if indent >= 4:
                break
            mark = rest[indent:]
            if mark[0] == _QUOTE:
                containers += (None,)
                rest = _behind_quote(rest, indent)
            else:
                item = None if _BREAK.match(mark) else _ITEM.match(mark)
                if item is None or not self._may_begin(item, mark, paragraph and whole and len(containers) == matched):
                    self._lost = self._lost or (
                        item is not None and bool(self._enclosures or containers)
                    )  # no paragraph to some
                    break
                if paragraph and "|" in mark and _DELIMITERS.match(mark):
                    self._lost = self._mixed = True  # the head of a table, or a list
                width, rest, empty = _behind_item(rest, indent, item)
                self._lost = self._lost or empty or containers[matched:] not in ((), (None,))
                containers += (_Item(width),)
            if len(containers) > _MAX_CONTAINERS:
                self._lost = self._mixed = True
                return Line(Kind.TEXT, rest, True)
        self._note_displayed(rest)
        opened = len(containers) > matched
        self._lost = self._lost or (opened and _indent(rest) >= 4)
        if paragraph and not opened:
            return self._beside_paragraph(rest, containers, whole)
        line = self._begin(rest, containers)
        lazy = closed_html and not opened and line.kind is Kind.TEXT
        return replace(line, doubtful=True) if lazy else line

    def _blank(self, containers: tuple[_Item | None, ...], same: bool, empty: bool) -> Line:
        self._containers = containers
        self._empty_item = empty and not same
        self._leaf = _NOTHING
        return Line(Kind.BLANK, "", True)

    @staticmethod
    def _may_begin(item: re.Match[str], mark: str, in_paragraph: bool) -> bool:
        """Whether a list item may begin here; within a paragraph only one with words, and a number only if it is 1."""
        if not in_paragraph:
            return True
        return bool(mark[item.end() :].strip(" ")) and item[1] in (None, "1")

    def _beside_paragraph(self, rest: str, containers: tuple[_Item | None, ...], whole: bool) -> Line:
        """A line after one of a paragraph, which goes on unless something else begins."""
        indent = _indent(rest)
        mark = rest[indent:]
        self._lost = self._lost or (indent >= 4 and any(self._containers))
        if indent >= 4 or not (self._leaf_begins(mark) or (whole and _UNDERLINE.match(mark))):
            head = _DELIMITERS.match(mark) is not None and ("|" in mark or ":" in mark)
            if head:
                self._leaf = _Leaf(Kind.ROW)
            # In lists, some take a tag that may not begin HTML here for its beginning (micromark, marked).
            tag = mark.startswith("<") and any(self._containers)
            return Line(self._leaf.kind, rest, self._leaf.kind is Kind.ROW, head, uncertain=tag)
        if whole and _UNDERLINE.match(mark) and not _FENCE.match(mark):
            self._leaf = _NOTHING
            return Line(Kind.MARK, "", True)
        return self._begin(rest, containers)

    def _leaf_begins(self, mark: str) -> bool:
        """Whether a leaf begins that may interrupt a paragraph."""
        if mark[0] in "`~":
            return _FENCE.match(mark) is not None
        if mark[0] == "<":
            return self._html and any(start.match(mark) for start, _ in _HTML[:-1])
        return (_HEADING.match(mark) or _BREAK.match(mark)) is not None

    def _begin(self, rest: str, containers: tuple[_Item | None, ...]) -> Line:
        self._containers = containers
        self._empty_item = False
        indent = _indent(rest)
        mark = rest[indent:]
        if indent >= 4:
            self._leaf = _Leaf(Kind.CODE)
            return Line(Kind.CODE, rest, True)
        fence = _FENCE.match(mark)
        if fence:
            self._leaf = _Leaf(_kind_of_code(mark[fence.end() :]), fence=fence[1], fenced=True)
            return Line(Kind.MARK, mark, True)
        if mark[0] == "<" and self._html:
            for start, end in _HTML:
                if start.match(mark):
                    self._leaf = _Leaf(Kind.HTML, end=end)
                    self.part(mark)
                    return Line(Kind.HTML, mark, True)
        if _HEADING.match(mark) or _BREAK.match(mark):
            self._leaf = _NOTHING
            return Line(Kind.TEXT, mark, True)
        self._leaf = _Leaf(Kind.TEXT)
        return Line(Kind.TEXT, mark, True)


def _kind_of_code(info: str) -> Kind:
    """What becomes of the code in a fence, by its info string."""
    names = languages(info) if info else frozenset()
    if _PARSED.match(info):
        return Kind.PREVIEW
    if not names.isdisjoint(DRAWN):
        return Kind.DRAWN
    return Kind.PREVIEW if is_previewed(names) else Kind.CODE


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _margin(line: str) -> int:
    """Columns before the words of a line, with the marks of quotes."""
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(_MARGIN))


def _behind_quote(line: str, indent: int) -> str:
    rest = line[indent + 1 :]
    return rest[1:] if rest.startswith(" ") else rest


def _behind_item(line: str, indent: int, item: re.Match[str]) -> tuple[int, str, bool]:
    """The width of a list item, what remains of its line, and whether that is nothing."""
    begin = indent + item.end()
    rest = line[begin:]
    spaces = _indent(rest)
    if spaces == len(rest):
        return begin + 1, "", True
    if spaces > 4:
        spaces = 1
    return begin + spaces, rest[spaces:], False
