"""Words that say what a value is and stand apart from it: `{"name": "password", "value": …}`, headings over rows.

Told by the structure alone: what the words mean is for detectors to say.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

MAX_LABEL: Final = 100
"""Characters of a word or question that are taken for a label, from its end."""

MAX_NAMED_MEMBERS: Final = 32
"""Members of an object that is taken for a name and its value."""

MAX_COLUMNS: Final = 512
"""Headings that stand over rows."""

SEPARATOR: Final = "\n"
"""Between the words of a label that come from several places, the nearest first."""


class Part(Enum):
    """What a member's name makes of it in a pair."""

    NAME = "name"
    KIND = "kind"
    """It says what the value is of where nothing else does: `{"type": "password", "value": …}`."""
    VALUE = "value"
    TEXT = "text"
    """A value, unless all that names it is a kind: `{"type": "text", "text": …}`."""
    HEADINGS = "headings"


_PARTS: Final = {
    Part.NAME: """
        name key field label question k property prop title header variable var attribute attr param parameter
        setting option column caption term heading prompt fieldname fieldlabel keyname parametername parameterkey
        attributename optionname variablename headername propertyname displayname item what secretname entry argument
        arg flag tag tagname element selector locator instruction input description placeholder
    """,
    Part.KIND: "type id kind autocomplete inputtype slot role fieldtype fieldid dataname ref",
    Part.VALUE: """
        value values val v answer answers current default defaultvalue newvalue oldvalue previous stringvalue
        parametervalue optionvalue keyvalue attributevalue fieldvalue setto to raw plaintext cleartext secretvalue
        secretstring secret uservalue response reply
    """,
    Part.TEXT: "content contents text body data output result completion answertext valuetext message",
    Part.HEADINGS: "columns column cols headers header fields names columnnames fieldnames keys heading headings",
}
_PART_OF: Final = {name: part for part, names in _PARTS.items() for name in names.split()}

_SIGNS: Final = re.compile(r"[\W_]+")


@functools.lru_cache(maxsize=4096)
def part_of(name: str) -> Part | None:
    """What a member of this name is in a pair; None if nothing."""
    return _PART_OF.get(_SIGNS.sub("", name).lower()) if len(name) <= MAX_LABEL else None


class Told(NamedTuple):
    """What one member of an object says about others."""

    label: str
    by: str
    """The name of the member that says so."""
    is_kind: bool

    def about(self, name: str) -> bool:
        """Whether it is said of the member of this name."""
        part = part_of(name)
        return name != self.by and (part is Part.VALUE or (part is Part.TEXT and not self.is_kind))


def told(members: Mapping[str, Any]) -> Told | None:
    """What an object that is a name and its value says about the value."""
    if not 1 < len(members) <= MAX_NAMED_MEMBERS:
        return None
    found: Told | None = None
    for name, item in members.items():
        part = part_of(name)
        if (part is Part.NAME or part is Part.KIND) and isinstance(item, str) and (label := as_label(item)):
            if part is Part.NAME:
                return Told(label, name, is_kind=False)
            found = found or Told(label, name, is_kind=True)
    return found


def as_label(text: str) -> str:
    """The end of a word or question in one line; empty where there is none."""
    return " ".join(text[-MAX_LABEL:].split())


def beside(label: str, outer: str) -> str:
    """A label, and the one of what it stands in."""
    return f"{label}{SEPARATOR}{outer}" if outer and outer != label else label


def headings(siblings: Mapping[str, Any] | None, rows: Sequence[Any]) -> tuple[str, ...]:
    """The headings over the columns of an array of arrays: in a member beside it, or its own first row."""
    first = rows[0] if rows else None
    if not isinstance(first, list | dict):
        return ()
    for name, item in (siblings or {}).items():
        if part_of(name) is Part.HEADINGS and item is not rows and (found := texts(item)):
            return found
    return texts(first) if len(rows) > 1 and isinstance(first, list) and _is_table(rows) else ()


def _is_table(rows: Sequence[Any]) -> bool:
    width = len(rows[0])
    return width > 1 and isinstance(rows[1], list) and len(rows[1]) == width


def texts(headings: Any) -> tuple[str, ...]:
    """The headings in an array of strings, or of objects that name a column each; none where one is no heading."""
    if not isinstance(headings, list) or not 0 < len(headings) <= MAX_COLUMNS:
        return ()
    found = []
    for each in headings:
        if isinstance(each, dict):
            named = told({**each, "": ""})
            each = named.label if named else None
        if not isinstance(each, str) or len(each) > MAX_LABEL:
            return ()
        found.append(as_label(each))
    return tuple(found)
