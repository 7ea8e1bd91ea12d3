"""Names of elements and attributes as the labels of what stands in them: `<password>x</password>` is `password: x`.

What only says how something looks is left out: lengths, colours, identifiers, the words of enumerations. An attribute
whose name tells that people fill it in is kept whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from promptguard.files.interface import words
from promptguard.files.lines import Lines

PROSE: Final = words(
    """a abstract b blockquote body bookmark caption cell code comment comments d desc description div em entry footer
    g h h1 h2 h3 h4 header heading html i item label li link list note p paragraph para q row section span string
    strong sub subject summary sup svg symbol t td text textPath th title tspan v"""
)
"""Elements of vocabularies that prose is written in: their names say nothing about what stands in them."""

_NAMES: Final = ("name", "key", "id", "tag", "label", "n", "property", "attribute")
_VALUES: Final = ("value", "val", "v", "text", "content", "string-value")
"""Attributes of an element that go together: `<add key="password" value="x"/>` is `password: x`."""

_TELLING: Final = re.compile(
    r"""(?ix) pass | pwd | secret | token | key(?!code|space) | user | login | account | mail | name | title | desc
    | comment | text(?!id|anchor|rotation|scale|dir|box) | caption | label | string | conn | command | query | sql
    | value | tag | alias | prompt | error | formula | addr | url | href | link(?!ed) | path(?!editmode) | source
    | server | database | catalog | instr | message | tip | help | note | subject | address | phone | iban | card
    | number(?!format) | formatcode | fmla | display | placeholder | data(?!type) | alt$ | default$ | criteria
    | filter"""
)
"""In names of attributes that people fill in."""

_NOISE: Final = re.compile(
    r"""(?x)
    [-+]?\d{1,8}(?:\.\d{1,20})?(?:%|[a-z]{1,3})?
    | \#?[0-9A-Fa-f]{6} | \{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}? | rId\d+
    | [A-Za-z][A-Za-z]{0,60}(?:-[A-Za-z]+){0,4} | [a-z]{2,20}\d{1,2}x?\d{0,2} | .{1,3}
    | https?://(?:schemas|purl|www\.w3|ns\.adobe)\.[^\s?]* | urn:(?:schemas|oasis|ietf)[-:.\w]*
    | [A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?(?:[ ][A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)*
    | \d{4}-\d\d-\d\dT[\d:.]+Z?"""
)
"""Values that say how something looks or where it is: numbers, colours, identifiers, single words, ranges of cells."""

MAX_TOLD: Final = 200_000
"""Different labelled values of one part."""


def is_noise(value: str) -> bool:
    """Whether a value says nothing that a person wrote, unless its name tells otherwise."""
    return not value or value.isspace() or _NOISE.fullmatch(value) is not None


def is_telling(name: str) -> bool:
    """Whether an attribute or element of this name holds what people fill in."""
    return _TELLING.search(name) is not None


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


class Pair(NamedTuple):
    """A name and a value that stand in two attributes of one element."""

    name: str
    value: str


def paired(attributes: Mapping[str, str]) -> Pair | None:
    """The name and value of an element that is a property, an entry, a variable."""
    plain = {local(key): value for key, value in attributes.items()}
    name = next((plain[key] for key in _NAMES if plain.get(key)), "")
    value = next((plain[key] for key in _VALUES if plain.get(key)), "")
    return Pair(name, value) if name and value else None


class Labelled:
    """Collects the text of XML of any vocabulary: an element a line, with its name before it where that may matter."""

    def __init__(self, *, inline: frozenset[str] = frozenset(), prose: frozenset[str] = PROSE) -> None:
        """`inline` elements stand within a line; those of `prose` need no label."""
        self.lines = Lines()
        self._inline = inline
        self._prose = prose
        self._open: list[str] = []
        self._label = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name in self._inline:
            return
        self.lines.end()
        self._label = "" if name in self._prose else name
        if self._open and name in ("value", "val", "data", "content"):
            self._label = f"{self._open[-1]} {name}"
        self._open.append(name)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in self._inline:
            return
        self.lines.end()
        self._label = ""
        if self._open:
            self._open.pop()

    def text(self, content: str) -> None:
        """Characters; those between elements, of white space only, are left out."""
        if self._label:
            if content.isspace():
                return
            self.lines.add(f"{self._label}: ")
            self._label = ""
            content = content.lstrip()
        self.lines.add(content)
