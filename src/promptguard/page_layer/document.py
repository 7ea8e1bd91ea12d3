"""Which answers are pages that can have the layer, and where in their bytes it goes: behind the start of the head.

Only what stands before that place is held back, never the document; all its other bytes pass as they came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.wire.encodings import BrokenEncoding, Decoder, Swelling, decode_pieces, decoders_for

MAX_BEFORE_HEAD: Final = 16 * 1024
"""Bytes before the head that are held back; a document that has none by then is left alone."""

MAX_LOOKS: Final = 256
"""Pieces behind each of which is looked for the head. After that only once what is held back has doubled: a document
that comes byte by byte takes linear time."""

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_OF_ASCII: Final = re.compile(
    r"utf-?8|(us-)?ascii|latin-?1|(x-)?(cp|windows)-?125\d|iso-?8859-?\d+(-[ie])?|koi8-[ru]|shift[_-]jis|sjis|"
    r"windows-31j|euc-(jp|kr)|gb2312|gbk|gb18030|big5(-hkscs)?|windows-(874|949)|macintosh|tis-620",
    re.IGNORECASE,
)
"""Charsets (WHATWG Encoding) in which ASCII bytes stand for themselves wherever markup can begin."""

_SIGN_IN: Final = re.compile(
    r"(?:^|[/_.-])(?:log-?in|log-?out|log-?on|sign-?(?:in|up|out|on)|auth|o?auth2?|authorize|sso|saml2?|oidc|mfa|2fa|otp|"
    r"passwords?|passkeys?|register|registration|accounts?|verify|verification|checkout|billing|payments?)(?=$|[/_.-])",
    re.IGNORECASE,
)
"""Words of paths under which services sign people in, or are paid."""

_ATTRIBUTES: Final = rb"""(?:[^"'>]|"[^"]*"|'[^']*')*>"""
_BLANK: Final = re.compile(rb"(?:\xef\xbb\xbf|[\t\n\f\r ])+")
_MARKUP: Final = re.compile(rb"<!--|<[!?]|<([a-z]+)(?=[\t\n\f\r />])", re.IGNORECASE)
_UNFINISHED: Final = re.compile(rb"<(?:!-?|[a-z]{0,8})$|\xef\xbb?$", re.IGNORECASE)
"""What may still become markup that is stepped over."""
_WHOLE: Final = {
    b"<!--": re.compile(rb"<!--(?:-?>|.*?--!?>)", re.DOTALL),
    b"<!": re.compile(rb"<![^>]*>"),
    b"<?": re.compile(rb"<\?[^>]*>"),
    b"title": re.compile(rb"<title[^>]*>.*?</title[\t\n\f\r ]*>", re.IGNORECASE | re.DOTALL),
    **{
        name: re.compile(b"<" + name + _ATTRIBUTES, re.IGNORECASE)
        for name in (b"html", b"head", b"meta", b"link", b"base")
    },
}
"""What stands before the place, to its end."""
_BEFORE_HEAD: Final = frozenset((b"<!--", b"<!", b"<?", b"html", b"head"))
_OF_HTML: Final = frozenset((b"<!", b"html", b"head", b"meta", b"link", b"base", b"title"))
"""What tells that a document is HTML, whatever follows."""
_ELEMENT: Final = re.compile(rb"<(?!svg\b|rss\b|feed\b)[a-z]", re.IGNORECASE)
_BEFORE_CHARSET: Final = frozenset((b"meta", b"link", b"base", b"title"))


_TELLS_CHARSET: Final = re.compile(rb"charset", re.IGNORECASE)
_TELLS_POLICY: Final = re.compile(rb"content-security-policy", re.IGNORECASE)


def asks_for_document(method: str, headers: Mapping[str, str], path: str) -> bool:
    """Whether a browser asks for a page to show in a window of its own, and not to sign in (Fetch Metadata, W3C)."""
    return (
        headers.get("sec-fetch-dest") == "document"
        and headers.get("sec-fetch-mode") == "navigate"
        and method.upper() in ("GET", "POST")
        and _SIGN_IN.search(path) is None
    )


def is_page(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is a page that can have the layer, by its headers."""
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    if status != 200 or media_type.strip().lower() != "text/html":
        return False
    charset = _CHARSET.search(parameters)
    if charset and not _OF_ASCII.fullmatch(charset[1]):
        return False
    if headers.get("content-disposition", "inline").strip().lower().startswith("attachment"):
        return False
    return decoders_for(headers.get("content-encoding", "")) is not None


def tells_charset(content_type: str) -> bool:
    """Whether the header says in which charset a page is. Else browsers look for that in its first 1,024 bytes."""
    return _CHARSET.search(content_type) is not None


class HeadInserter:
    """Puts bytes into a document at the start of its head, however the document is cut.

    Args:
        markup: what to put in, ASCII.
        decoders: those of the document's content encoding; what comes out is decoded.
        after_charset: put it behind what says the charset, so that browsers find that where they look for it.
    """

    def __init__(self, markup: bytes, decoders: Sequence[Decoder] = (), *, after_charset: bool = False) -> None:
        self._markup = markup
        self._decoders = decoders
        self._after_charset = after_charset
        self._held = b""
        self._at = 0
        """How far what is held has been stepped over."""
        self._looks = 0
        self._look_at = 0
        """How much has to be held before the next look."""
        self._is_html = False
        self._done = False
        self._broken = False

    def feed(self, data: bytes) -> list[bytes]:
        """What may pass, now that more of the document has come.

        Never raises: data that are not encoded as they say, or that swell, end the document there, as the former do in
        a browser.
        """
        if self._broken:
            return []
        out: list[bytes] = []
        try:
            for piece in decode_pieces(data, self._decoders):
                out += self._fed(piece)
        except (BrokenEncoding, Swelling):
            self._broken = True
            out += self._release(len(self._held), insert=False)
        return [piece for piece in out if piece]

    def finish(self) -> list[bytes]:
        """What is still held back, at the end of the document."""
        return [] if self._done else [piece for piece in self._release(len(self._held), insert=False) if piece]

    def _fed(self, piece: bytes) -> list[bytes]:
        if self._done:
            return [piece]
        self._held += piece
        if self._held in (b"\xfe", b"\xff"):
            return []
        if self._held.startswith((b"\xfe\xff", b"\xff\xfe")):  # UTF-16, whatever the header says
            return self._release(len(self._held), insert=False)
        if len(self._held) >= self._look_at or len(self._held) > MAX_BEFORE_HEAD:
            self._looks += 1
            self._look_at = 2 * len(self._held) if self._looks > MAX_LOOKS else 0
            if self._reaches_place():
                html = self._is_html or _ELEMENT.match(self._held, self._at) is not None
                return self._release(self._at, insert=html)
        if len(self._held) > MAX_BEFORE_HEAD:
            return self._release(len(self._held), insert=False)
        return []

    def _reaches_place(self) -> bool:
        """Step over what stands before the place, as far as it has come; whether the place is there."""
        while self._at < len(self._held):
            if blank := _BLANK.match(self._held, self._at):
                self._at = blank.end()
                continue
            markup = _MARKUP.match(self._held, self._at)
            kind = (markup[1] or markup[0]).lower() if markup else b""
            if not self._steps_over(kind):
                return _UNFINISHED.match(self._held, self._at) is None
            whole = _WHOLE[kind].match(self._held, self._at)
            if whole is None or (kind == b"meta" and _TELLS_POLICY.search(whole[0])):
                return whole is not None
            self._at = whole.end()
            self._is_html = self._is_html or kind in _OF_HTML
            if kind == b"head" and not self._after_charset:
                return True
            if kind == b"meta" and _TELLS_CHARSET.search(whole[0]):
                return True
        return False

    def _steps_over(self, kind: bytes) -> bool:
        return kind in _BEFORE_HEAD or (self._after_charset and kind in _BEFORE_CHARSET)

    def _release(self, at: int, *, insert: bool) -> list[bytes]:
        self._done = True
        held, self._held = self._held, b""
        return [held[:at], self._markup, held[at:]] if insert else [held]
