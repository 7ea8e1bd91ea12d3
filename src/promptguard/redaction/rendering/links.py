"""Addresses in plain text, which clients make links of (GFM 6.9; linkify-it, with and without a scheme)."""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from functools import cache
from typing import Final
from urllib.parse import unquote

from promptguard.public_suffixes import extractor
from promptguard.redaction.rendering.names import FILE_ENDINGS, RESERVED

_MAX_TOKEN: Final = 512
"""Characters of a word without white space that are looked at again with what comes."""

MAX_FOLLOWING: Final = 320
"""Characters after a value that may make a host's name of it: more than the longest there is (RFC 1035, 2.3.4)."""

_END: Final = " \t\n\v\f\r"
"""What ends an address to every client. Other white space does so only to some, and so does `<` where no tag begins
(mdast-util-gfm-autolink-literal); a tag does unless a bracket or quotation mark is open in the address (linkify-it)."""
_BRACKETED: Final = re.compile(
    r"(?:[a-z]:/|www\.|[\w-]\.[\w-]+[/?#:])\S*?(?:[(\[{][^\s)\]}]*|[\"'][^\s\"']*(?:[\"'][^\s\"']*[\"'][^\s\"']*)*)\Z"
)

_SCHEME: Final = re.compile(
    r"[a-z]://|[a-z]:\\/\\?/|(?<![^\W_])www\.|(?<![^\W_])(?:blob|cid|data|facetime|file|filesystem|ftps?|geo|https?|im|intent"
    r"|javascript|mailto|magnet|sip|sips|skype|sms|tel|urn|vbscript|view-source|web\+\w+|wss?|xmpp):",
    re.IGNORECASE,
)
_QUOTES: Final = "\"'`"
"""What ends an address that begins with `//` at its host's name. No client makes a link of it outside of tags."""
_HOST: Final = re.compile(
    r"(?P<before>^|[^\w.\-@])(?P<host>[.\-\w]{0,253}?[\w\-](?P<last>\.[^\W\d_][\w\-]{1,62}))\.?(?::\d{0,5})?[/?#\\]"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{0,5})?[/?#\\]"
)
MAX_TAG: Final = 1024
"""Characters of the longest tag that is known for one."""


def _tags(unquoted: str) -> str:
    """Whole tags (CommonMark 6.6), in which values without quotation marks hold none of the characters given."""
    value = rf"(?:[^\s\"'=<>`{unquoted}]+|'[^']*'|\"[^\"]*\")"
    return rf"(?:<[a-z][a-z0-9-]*(?:\s+[a-z_:][a-z0-9_.:-]*(?:\s*=\s*{value})?)*\s*/?>|</[a-z][a-z0-9-]*\s*>)"


TAG: Final = _tags("")
# Some renderers look for addresses first, and so in values without quotation marks.
_TAG: Final = re.compile(_tags("/.:") + r"|<[a-z][a-z0-9+.-]{1,31}:[^\s<>]*>", re.IGNORECASE)

_NO_SCHEME: Final = r"(?:\A|[^\w:/\\.-])[/\\]{2,}"
"""Begins an address of another host where no path goes before (WHATWG URL, "relative state")."""
_FOREIGN: Final = re.compile(
    rf"{_NO_SCHEME}(?:[^\s/\\\"'`<>?#]*@)?"
    r"(?:[^\s/\\\"'`<>?#@]*[.%\u3002\uff0e\uff61][^\s/\\\"'`<>?#@]*|\d+|0x[\da-f]+|\[[\da-f:.]+\])(?::\d*)?[/\\?#]",
    re.IGNORECASE,
)
"""Names without a dot are of servers in the same network: `\\\\server\\share`."""
_ROOTED: Final = re.compile(rf"{_NO_SCHEME}[^\s/\\\"'`<>?#]*\Z")
_ESCAPES: Final = re.compile(r"\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|[tnr])")
"""Escapes in strings of JSON and JavaScript. Browsers leave tabs and line ends out of addresses."""

_UNSEEN: Final = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
"""Characters that nobody sees, and that browsers leave out of a host's name (UTS 46, "ignored")."""
_DOTS: Final = "\u3002\uff0e\uff61"
"""Read as dots in a host's name (UTS 46)."""
_WRITTEN: Final = re.compile(rf"[&\\%{_UNSEEN}{_DOTS}\uff01-\uff5e]")
"""What shows that a host's name may be written in another way."""
_REWRITTEN: Final = {
    **dict.fromkeys(_DOTS, "."),
    **{chr(code): "" for code in range(0xAD, 0xFF00) if re.match(f"[{_UNSEEN}]", chr(code))},
}
_TRANSLATED: Final = str.maketrans(_REWRITTEN)
_MAILBOX_HOST: Final = re.compile(r"[^\s@]@[\w-][\w.$+=^`|~-]*\Z")
"""The name of a mailbox's host, with the signs that may go on with it (linkify-it)."""
_OWN_HOST: Final = re.compile(r"[^\s@]@[\w-][\w.-]*\Z")
_GOES_ON: Final = re.compile(r"[\w.$+=^`|~-]")
_ADDRESS_IN_TAG: Final = re.compile(r"[a-z]:/|www\.|[\w-]\.[\w-]+[/?#:]", re.IGNORECASE)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_JOINS: Final = re.compile(rf"[\w.\-+%@\\&;#$'*/=?^`{{}}~{_UNSEEN}{_DOTS}\uff01-\uff5e]*")
"""What may stand behind a value within a host's name or a mailbox (RFC 5322, 3.2.3), escaped or not."""
_MAILBOX: Final = re.compile(r"[\w.\-+%&;#$'*/=?^`{}~]*@[\w\-]+(?:\.[\w\-]+)+")
_DOMAIN: Final = re.compile(r"[\w\-]*((?:\.[^\W_](?:[\w\-]{0,61}[^\W_])?){1,8})\.?([/:?#])?")
_PATH_BEGINS: Final = re.compile(r"[/?#:\\]")
_HOST_LAST: Final = re.compile(r"[\w\-]\.[^\W\d_][\w\-]{1,62}\.?(?::\d{0,5})?\Z|\d{1,3}(?:\.\d{1,3}){3}(?::\d{0,5})?\Z")
_HOST_ENDS: Final = re.compile(r"[\w-]\.[\w-]+\Z")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


class Links:
    """Follows the word at the end of a text. Whole tags, and addresses in angle brackets, are no part of a word."""

    __slots__ = ("_belongs", "_foreign", "_hosted", "_left_open", "_rooted", "_tag", "_token", "fetched")

    def __init__(self) -> None:
        self._token = ""
        self._tag = ""
        """What has come since the last `<`."""
        self._belongs = False
        """It may belong to an address before it."""
        self._hosted = False
        """A host's name was read, and the beginning of a path."""
        self._rooted = False
        """`//` was read, and no quotation mark since."""
        self._left_open = frozenset[str]()
        """What would close the brackets and quotation marks that the tags of this word left open in an address."""
        self._foreign = False
        """`//` and a host's name were read, and what ends that, as a program would read them."""
        self.fetched = False
        """Whether the next character would be part of an address that says itself that it is one."""

    @property
    def begun(self) -> bool:
        """Whether the text ends within a word."""
        return bool(self._token)

    @property
    def inside(self) -> bool:
        """Whether the next character would be part of an address."""
        return self.fetched or self._hosted or self._rooted

    @property
    def addressed(self) -> bool:
        """Whether the next character would be part of an address to programs that read the text as code."""
        return self.fetched or self._foreign

    @property
    def in_root(self) -> bool:
        """Whether the next character would be part of a host's name behind `//` to such programs."""
        return _ROOTED.search(_as_code(self._token)) is not None

    def ends_root(self, value: str) -> bool:
        """Whether a value would be the path behind such a name."""
        return _PATH_BEGINS.match(value) is not None and _FOREIGN.search(_as_code(self._token) + "/") is not None

    def copy(self) -> Links:
        """One that goes on from here by itself."""
        other = Links()
        other._token, other._tag, other._belongs = self._token, self._tag, self._belongs
        other._hosted, other._rooted, other.fetched = self._hosted, self._rooted, self.fetched
        other._left_open = self._left_open
        other._foreign = self._foreign
        return other

    def advance(self, text: str, *, html: bool = False) -> None:
        """Go on by a piece of text; of HTML if no Markdown is in it."""
        tag = self._behind_tag(text, html)
        tag = 0 if self._belongs else max(tag, (text.rfind("<") + 1) * html)
        cut = max(tag, *(text.rfind(end) + 1 for end in _END))
        if cut > 0:
            self.fetched = self._foreign = self._hosted = self._rooted = False
            ended = any(end in text[tag:] for end in _END)
            self._left_open = frozenset() if ended or not tag else self._left_open | _left_open(text[:tag])
            self._token = text = text[cut:]
        else:
            self._token += text
        self._look(text)
        self._token = self._token[-_MAX_TOKEN:]

    def _look(self, news: str) -> None:
        """Look at the word, of which some is new."""
        token = self._token
        root = token.rfind("//")
        rest = token[root:] if root >= 0 else news
        self._rooted = (root >= 0 or self._rooted) and not any(quote in rest for quote in _QUOTES)
        if "/" in token or ":" in token or "." in token:
            self.fetched = self.fetched or _SCHEME.search(token) is not None
            self._hosted = self._hosted or ("." in token and _has_host(token))
        if not self.addressed and ("\\" in token or "//" in token):
            read = _as_code(token)
            self._foreign = (read != token and _SCHEME.search(read) is not None) or _FOREIGN.search(read) is not None
        if _WRITTEN.search(token) and not (self.fetched or self._hosted):
            read = _as_read(token)
            self._hosted = read != token and (_SCHEME.search(read) is not None or _has_host(read))

    def _bracketed(self, before: str) -> bool:
        """Whether a bracket is open in an address, so that a tag behind it may belong to the address."""
        begin = max(before.rfind(end) + 1 for end in _END)
        word = (before[begin:] if begin else self._token + before)[-_MAX_TOKEN:]
        return ("." in word or ":" in word) and _BRACKETED.search(word) is not None

    def _behind_tag(self, text: str, html: bool) -> int:
        """Where in a piece of text a tag ends that began at the last `<`; 0 where none does."""
        start = text.rfind("<")
        if start >= 0:
            self._belongs = not html and self._bracketed(text[:start])
        if start > 0 and text[start - 1] == "\\":
            self._tag = ""
            return 0  # escaped: no tag
        before = 0 if start >= 0 else len(self._tag)
        if start < 0 and not before:
            return 0
        self._tag = text[start : start + MAX_TAG] if start >= 0 else self._tag + text[:MAX_TAG]
        found = _TAG.match(self._tag) if ">" in text else None
        if found or len(self._tag) > MAX_TAG:
            self._tag = ""
        return max(start, 0) + found.end() - before if found else 0

    def goes_on_with(self, value: str, *, glued: bool) -> bool:
        """Whether a value would be the path of the host's name before it, or a part of the name of a mailbox's host."""
        if glued:
            if "@" in value and _OWN_HOST.search(self._token):  # the second mailbox goes on with the first one's host
                return True
        elif _GOES_ON.match(value) and _MAILBOX_HOST.search(self._token):
            return True
        return _PATH_BEGINS.match(value) is not None and _HOST_LAST.search(self._token) is not None

    def closes_in(self, following: str) -> bool | None:
        """Whether what follows closes what a tag left open in an address: to clients to which tags are text, all of it
        is the address (linkify-it). None if more must come to say that."""
        if not self._left_open:
            return False
        word = re.split(f"[{_END}]", following, maxsplit=1)[0]
        if any(mark in word for mark in self._left_open):
            return True
        return None if len(word) == len(following) else False


def _left_open(tag: str) -> frozenset[str]:
    """What would close the brackets and quotation marks that are open in the last word of a text that ends with a tag,
    from the address in it on."""
    word = tag[max(tag.rfind(end) + 1 for end in _END) :][-_MAX_TOKEN:]
    address = _ADDRESS_IN_TAG.search(word) if ":" in word or "." in word else None
    rest = word[address.end() :] if address else ""
    return frozenset(
        closing for mark, closing in _CLOSING.items() if mark in rest and closing not in rest[rest.rfind(mark) + 1 :]
    )


def _as_read(token: str) -> str:
    """A word with its escapes, entities and percent codes resolved, and host names as browsers read them."""
    text = unquote(html.unescape(_ESCAPED.sub(r"\1", token)), errors="replace")
    return unicodedata.normalize("NFKC", text.translate(_TRANSLATED))


def _as_code(token: str) -> str:
    """A word with the escapes of JSON and JavaScript resolved."""
    if "\\" not in token:
        return token
    return _ESCAPES.sub(lambda found: _character(found[1] or found[2] or found[3]), token)


def _character(code: str | None) -> str:
    return chr(int(code, 16)) if code and int(code, 16) <= sys.maxunicode else ""


def _has_host(token: str) -> bool:
    for found in _HOST.finditer(token):
        if found["host"] is None or not (found["before"] in ("/", "\\") or found["host"].startswith(".")):
            return True
        if _is_top(found["last"][1:]):  # else a path of directories
            return True
    return False


def may_join(following: str) -> bool:
    """Whether what follows a value could make it a part of a host's name or a mailbox, once more of it has come."""
    return len(following) < MAX_FOLLOWING and _JOINS.fullmatch(following) is not None


def joins(value: str, following: str, *, files: bool) -> bool:
    """Whether what follows a value makes a host's name or a mailbox of it: `[X].evil.example`, `[X]@evil.example`.

    Args:
        files: no reader makes links of it, and names of files are as likely.
    """
    if not following:
        return False
    if _HOST_ENDS.search(value) and following[0].isascii() and (following[0].isalnum() or following[0] == "-"):
        return True  # the name of another host
    word = re.split(r"[ \t\n\v\f\r<]", following[:MAX_FOLLOWING], maxsplit=1)[0]
    return any(_joins(text, files) for text in {word, html.unescape(_ESCAPED.sub(r"\1", word)), _as_read(word)})


def _joins(word: str, files: bool) -> bool:
    if _MAILBOX.match(word):
        return True
    domain = _DOMAIN.match(word)
    if domain is None:
        return False
    if domain[2] in ("/", "?", "#"):
        return True
    last = domain[1].rpartition(".")[2]
    return _is_top(last) and not (files and last.lower() in FILE_ENDINGS and domain[1].count(".") == 1)


@cache
def _tops() -> frozenset[str]:
    """The domains at the top."""
    return frozenset(suffix.rpartition(".")[2] for suffix in extractor().tlds) | RESERVED


def _is_top(label: str) -> bool:
    return label.lower() in _tops() or label.lower().startswith("xn--")
