"""Names and values joined by `=` and `&`: form bodies (WHATWG URL, application/x-www-form-urlencoded) and queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Path, Role
from promptguard.reasons import Code
from promptguard.wire.documents import charsets
from promptguard.wire.documents.interface import MAX_LEAVES, NAME, Change, Document, Leaf, text_of
from promptguard.wire.documents.json import JsonTree
from promptguard.wire.documents.names import TRANSPARENT, WELL_KNOWN

DECODED: Final = -2
"""Stands in a path behind the number of a pair that was not encoded: its value as a reader of forms takes it."""

_BEGINS_AS_FORM: Final = re.compile(r"[!-;>-~]{0,200}=")
"""A name, with nothing before `=` that cannot stand in one."""

CHARSET: Final = "_charset_"
"""The field that names the character encoding of all others (WHATWG HTML, naming form controls)."""

_NOT_ENCODED: Final = re.compile(r"[^!#-;=?-~]")
"""White space, quotes, angle brackets, letters beyond ASCII: no encoder of forms leaves them as they are."""

_ONE_TOKEN: Final = re.compile(r"[\w.~+/=|:!*-]*", re.ASCII)
"""What keys and session tokens are made of: no white space, and no `@`."""

_JOINED_BY_PLUS: Final = re.compile(r"\w\+\w|%[0-9A-Fa-f]{2}")


def looks_like_form(source: str) -> bool:
    """Whether a body that is declared as a form may be one.

    Some services declare uploads of whatever text as forms (Gemini and NotebookLM their resumable ones).
    """
    return _BEGINS_AS_FORM.match(source) is not None and "\n" not in source.rstrip("\r\n")


def as_form(source: str) -> str:
    """What a text says to a reader of forms; empty where that is the same."""
    return _unquote(source) if _JOINED_BY_PLUS.search(source) else ""


class FormDocument(Document):
    """A list of names and values.

    A path is the number of the pair, from 0, and then `NAME` for its name, nothing for its value, or the path within
    the value where that is JSON source and its name in `embedded`. Pairs that do not change are not encoded again.

    A value that holds what no encoder leaves in it was not encoded: it is read, and written, as it stands. Since the
    service may decode it all the same, its decoded form is listed too, under `DECODED`.
    """

    content_type = "application/x-www-form-urlencoded"

    def __init__(
        self,
        source: str,
        embedded: frozenset[str] = frozenset(),
        skip: frozenset[str] = frozenset(),
        *,
        is_body: bool = True,
    ) -> None:
        """Read raw source. Queries are always encoded.

        Of the names in `skip`, written out as they are, the first pair with each that has one token for its value is
        not listed: a second one is no credential that the service asks for.

        Raises:
            Unreadable: more pairs than are read, or a file that cannot be read.
        """
        self._raw = source.split("&")
        if len(self._raw) > MAX_LEAVES:
            raise Unreadable(Code.BODY_TOO_MANY_TEXTS)
        self._trees: dict[int, JsonTree] = {}
        self._leaves: list[Leaf] = []
        self._files: list[File] = []
        self._literal: set[int] = set()
        """Numbers of the pairs whose values were not encoded."""
        self.body: list[tuple[str, str]] = []
        left = set(skip)
        for number, raw in enumerate(self._raw):
            pair = _split(raw)
            if is_body and _NOT_ENCODED.search(raw.partition("=")[2]):
                self._literal.add(number)
                pair = _Pair(pair.name, raw.partition("=")[2])
            self.body.append((pair.name, pair.value))
            if pair.name == CHARSET:
                charsets.python_name(pair.value)
            if pair.name in left and raw.startswith(f"{pair.name}=") and _ONE_TOKEN.fullmatch(pair.value):
                left.remove(pair.name)
            else:
                self._add(number, pair, embedded)
        if len(self._leaves) > MAX_LEAVES:
            raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def _add(self, number: int, pair: _Pair, embedded: frozenset[str]) -> None:
        if pair.name and pair.name not in WELL_KNOWN:
            self._leaves.append(Leaf((number, NAME), pair.name, role=Role.KEY))
        if not pair.value:
            return
        label = "" if pair.name in TRANSPARENT else pair.name
        tree = JsonTree({pair.name: pair.value}, embedded, label=label)  # a member: it knows what is embedded or a file
        self._trees[number] = tree
        for leaf in tree.leaves:
            if leaf.path[0] != NAME:
                self._leaves.append(leaf._replace(path=(number, *leaf.path[1:])))
        self._files += [replace(file, path=(number, *file.path[1:])) for file in tree.files]
        if number in self._literal and _JOINED_BY_PLUS.search(pair.value):
            self._leaves.append(Leaf((number, DECODED), _unquote(pair.value), label))

    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def files(self) -> Sequence[File]:
        return self._files

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        return self.replace_text(changes).encode()

    def replace_text(self, changes: Mapping[Path, Change]) -> str:
        """As `replace`, in characters."""
        names: dict[int, str] = {}
        values: dict[int, dict[Path, Change]] = {}
        for path, text in changes.items():
            number = path[0] if path else None
            if not isinstance(number, int) or not 0 <= number < len(self._raw):
                raise NotRewritable(Code.REWRITE_NO_PLACE)
            if path[1:] == (NAME,):
                names[number] = text_of(text)
            else:
                values.setdefault(number, {})[path[1:]] = text
        raw = list(self._raw)
        for number in sorted(names.keys() | values.keys()):
            raw_name, equals, raw_value = raw[number].partition("=")
            if number in names:
                raw_name = _quote(names[number])
            if number in self._literal:
                raw_value = self._change_literal(number, values[number]) if number in values else raw_value
            elif number in values:
                raw_value = _quote(self._change(number, values[number]))
            raw[number] = raw_name + equals + raw_value
        return "&".join(raw)

    def _change_literal(self, number: int, changes: Mapping[Path, Change]) -> str:
        """A value that was not encoded with another text in it: both readings have to have the same one."""
        decoded = changes.get((DECODED,))
        text = self._change(number, {path: text for path, text in changes.items() if path != (DECODED,)})
        if "&" in text or (decoded is not None and _unquote(text) != decoded):
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        return text

    def _change(self, number: int, changes: Mapping[Path, Change]) -> str:
        name, value = self.body[number]
        tree = self._trees.get(number)
        if tree is None:
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        changed: Any = tree.replace({name: value}, {(name, *path): text for path, text in changes.items()})
        return str(changed[name])


class _Pair(NamedTuple):
    name: str
    value: str


def _split(raw: str) -> _Pair:
    name, _, value = raw.partition("=")
    return _Pair(_unquote(name), _unquote(value))


def _unquote(raw: str) -> str:
    if "%" not in raw and "+" not in raw:
        return raw
    return charsets.percent_decoded(raw.replace("+", " "))


def _quote(text: str) -> str:
    return quote_plus(text, errors="replace")
