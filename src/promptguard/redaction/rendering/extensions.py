"""Where what surrounds or extends Markdown names addresses: CSS, TeX, footnotes, attributes, notebooks, diagrams."""

from __future__ import annotations

import re
from typing import Final

from promptguard.redaction.rendering.targets import Target

_MAX_LIST: Final = 512
"""Characters of a list of attributes that are looked at."""


class StyleTarget(Target):
    """What a style sheet fetches: `url(…)`, `src(…)`, `image-set(…)`, `@import …`."""

    __slots__ = ("_depth", "_quote")

    _START = re.compile(r"(?<![\w-])(?:url|src|(?:-webkit-)?image-set)\(|@import\b", re.IGNORECASE)
    _MARK = re.compile(r"\\.?|[()\"'\n;]", re.DOTALL)

    def _search(self, text: str, position: int) -> int:
        start = self._START.search(text, position) if "(" in text or "@" in text else None
        if start is None:
            return len(text)
        self._active = True
        self._quote = ""
        self._depth = int(start.group().endswith("("))
        return start.end()

    def _step(self, text: str, position: int) -> int:
        mark = self._MARK.search(text, position)
        if mark is None:
            return len(text)
        found = mark.group()
        if found in "\n;":
            self._active = bool(self._depth or (self._quote and found == ";"))
        elif self._quote:
            self._quote = "" if found == self._quote else self._quote
        elif found in "\"'":
            self._quote = found
        elif found in "()":
            self._depth += 1 if found == "(" else -1
            self._active = self._depth > 0
        return mark.end()


class Command(Target):
    """What stands between a beginning and an end on one line, or in one block."""

    _START: re.Pattern[str]
    _END: re.Pattern[str]

    def _search(self, text: str, position: int) -> int:
        start = self._START.search(text, position)
        self._active = start is not None
        return start.end() if start else len(text)

    def _step(self, text: str, position: int) -> int:
        end = self._END.search(text, position)
        self._active = end is None
        return end.end() if end else len(text)


class TexTarget(Target):
    """The first argument of the commands that make links, load pictures, or set attributes (KaTeX, MathJax)."""

    __slots__ = ("_depth",)

    _START = re.compile(
        r"\\(?:href|url|includegraphics|html(?:Class|Data|Id|Style)|class|cssId|style|require)(?![A-Za-z])"
    )
    _MARK = re.compile(r"\\.|[{}]", re.DOTALL)

    def _search(self, text: str, position: int) -> int:
        start = self._START.search(text, position) if "\\" in text else None
        if start is None:
            return len(text)
        self._active = True
        self._depth = 0
        return start.end()

    def _step(self, text: str, position: int) -> int:
        mark = self._MARK.search(text, position)
        if mark is None:
            return len(text)
        if mark.group() in "{}":
            self._depth += 1 if mark.group() == "{" else -1
            self._active = self._depth > 0
        return mark.end()


class FootnoteLabel(Command):
    """The label of a footnote, `[^…]`, which becomes an address within the page."""

    _START = re.compile(r"\[\^")
    _END = re.compile(r"(?<!\\)\]")


class DiagramTarget(Command):
    """The rest of a line of Mermaid that makes a link, or loads a picture."""

    _START = re.compile(r"(?:\A|(?<=\n))\s*(?:click|links?|href|callback)\b|@\{", re.IGNORECASE)
    _END = re.compile(r"\n")


class AttributeList(Target):
    """The value of an attribute that something acts on in `{…}`, as extensions of Markdown and templates write them."""

    __slots__ = ("_list",)

    _MARK = re.compile(r"[{}\n]")
    _ACTED_ON = re.compile(
        r"(?<![\w-])(?:on[a-z]+|style|[\w:-]{0,32}(?:src|href|action|url|link|ping|poster|background)[\w-]{0,32})\s*=\s*"
        r"(?:\"[^\"]*|'[^']*|[^\s\"']*)\Z",
        re.IGNORECASE,
    )

    @property
    def inside(self) -> bool:
        return self._active and self._ACTED_ON.search(self._list) is not None

    @property
    def open(self) -> bool:
        return self.inside

    def _search(self, text: str, position: int) -> int:
        start = text.find("{", position)
        self._active = start >= 0
        self._list = ""
        return start + 1 if self._active else len(text)

    def _step(self, text: str, position: int) -> int:
        mark = self._MARK.search(text, position)
        end = mark.start() if mark else len(text)
        self._list = (self._list + text[position:end])[-_MAX_LIST:]
        if mark is None:
            return end
        self._active = mark.group() == "{"
        self._list = ""
        return mark.end()


class WikiLink(Command):
    """A page or file that is named in `[[…]]`. Only its end says so: `ends_in` tells from what follows."""

    _START = re.compile(r"\[\[(?!\s*[\[\"'])")
    _END = re.compile(r"[\[\]\n]")
    _REST = re.compile(r"[^\[\]\n]*(?:\]\]?|\Z)")

    @property
    def inside(self) -> bool:
        return False

    @property
    def open(self) -> bool:
        return False

    def ends_in(self, following: str) -> bool | None:
        """Whether what follows makes a link of it; None if more must come to say that."""
        if not self._active:
            return False
        rest = self._REST.match(following)
        if rest is None:
            return False
        return True if rest.group().endswith("]]") else (None if rest.end() == len(following) else False)
