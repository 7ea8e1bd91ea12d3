"""Texts in URL paths and in whole URLs (RFC 3986)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptguard.model import Role
from promptguard.wire.formats.members import PROTOCOL
from promptguard.wire.heads.interface import SECRET_NAME, HeadText, decoded, said, words_in

MAX_PARTS: Final = 256
"""Parts of a path that are texts of their own; what follows them is one text."""

_SENTENCE: Final = re.compile(r"[^+\s]+(?:\++[^+\s]+){2,}")
"""Words joined by `+`, as forms write spaces, and not one character of an id."""

_PLAIN_WORD: Final = re.compile(r"[a-z-]*")
_BETWEEN: Final = re.compile(r"[?&#]")

_ARN: Final = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d{12}:(?P<resource>.*)", re.DOTALL)
"""A name of a resource at AWS, with the number of the account."""


def path_texts(path: str, role: Role = Role.URL) -> Iterator[HeadText]:
    """The parts of a raw path, each decoded; a part that follows `/password/` has that for its label.

    What is joined by `+` or hyphens is read as words with spaces, too: what a service makes of it is not known.
    """
    before = ""
    for part in filter(None, path.split("/", MAX_PARTS)):
        text = decoded(part)
        if arn := _ARN.fullmatch(text):
            text = arn["resource"]
        named = SECRET_NAME.fullmatch(before) and not _PLAIN_WORD.fullmatch(text)
        yield said(text, role, before if named else "")
        if "+" in part and _SENTENCE.fullmatch(part):
            yield HeadText(decoded(part.replace("+", " ")), role, standing=PROTOCOL)
        yield from words_in(text, role)
        before = text


def url_texts(url: str, role: Role = Role.HEADER) -> Iterator[HeadText]:
    """The texts of a whole URL but for its scheme: user, host, path, parameters, fragment."""
    _, mark, rest = url.partition("://")
    path, *parameters = _BETWEEN.split(rest if mark else url)
    authority, slash, path = path.partition("/") if mark else ("", "", path)
    user, at, host = authority.rpartition("@")
    name, colon, password = decoded(user).partition(":")
    if at and not colon:
        host = authority  # which is as good as an address
    elif at:
        yield from (said(text, role, label) for text, label in ((name, ""), (password, "password")) if text)
    yield from path_texts(host + slash + path, role)
    for parameter in parameters:
        name, _, value = parameter.replace("+", " ").partition("=")
        yield from (said(decoded(text), role, label) for text, label in ((name, ""), (value, decoded(name))) if text)
