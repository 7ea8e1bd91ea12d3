"""The outline of a parsed body: its members and the kinds of their values, and no value.

Enough to write a wire format by, for a service that has moved or that nobody has described yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import orjson

MAX_DEPTH: Final = 12
MAX_MEMBERS: Final = 400
"""Members of one outline. What comes after them is left out, and `…` says so."""

MAX_OUTLINE: Final = 16_384
"""Bytes of an outline as JSON; a longer one is cut at its depth."""

MIN_MAP: Final = 3
"""Members from which on objects that are all alike are those of a map: their names are data."""

_NAME: Final = re.compile(r"[$@]?[A-Za-z_][A-Za-z_-]{0,40}[0-9]?")
"""What a programmer calls a member. Any other name may be a person's, an address, or a key."""

_LONG_WORD: Final = re.compile(r"[A-Za-z]{25,}|[bcdfghjklmnpqrstvwxz]{7,}", re.IGNORECASE)
_OTHER: Final = "*"
_MORE: Final = "…"


def outline(value: Any, hidden: Collection[str] = ()) -> str:
    """The outline of a value as JSON: `{"messages": [{"role": "string", "content": "text"}]}`.

    Strings are `text` where they have a space in them, else `string`; the items of a list are one, with all members
    that any of them has. Linear in the value, bounded.

    Args:
        hidden: names of members that are not told: something was found in them.
    """
    for depth in range(MAX_DEPTH, 0, -1):
        made = orjson.dumps(_Outline(hidden).of(value, depth), option=orjson.OPT_SORT_KEYS)
        if len(made) <= MAX_OUTLINE:
            return made.decode()
    return f'"{_MORE}"'


class _Outline:
    def __init__(self, hidden: Collection[str]) -> None:
        self._hidden = hidden
        self._left = MAX_MEMBERS

    def of(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return "text" if " " in value or "\n" in value else "string"
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "boolean"
        if isinstance(value, Mapping):
            return self._members(value, depth) if depth else _MORE
        if isinstance(value, list | tuple):
            return self._items(value, depth) if depth else _MORE
        return "number"

    def _members(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        first: Any = None
        for name, member in value.items():
            if self._left <= 0:
                members[_MORE] = _MORE
                break
            self._left -= 1
            told = self._told(str(name))
            outlined = self.of(member, depth - 1)
            first = outlined if first is None else first
            members[told] = _merged(members[told], outlined) if told in members else outlined
        if len(members) >= MIN_MAP and all(isinstance(each, dict) and each == first for each in members.values()):
            return {_OTHER: first}
        return members

    def _told(self, name: str) -> str:
        told = name not in self._hidden and _NAME.fullmatch(name) and not _LONG_WORD.search(name)
        return name if told else _OTHER

    def _items(self, items: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
        made: Any = None
        for item in items:
            if self._left <= 0:
                break
            self._left -= 1
            outlined = self.of(item, depth - 1)
            made = outlined if made is None else _merged(made, outlined)
        return [] if made is None else [made]


def _merged(one: Any, other: Any) -> Any:
    """What is either: members of both, the kinds of both."""
    if one == other:
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            name: _merged(one[name], other[name]) if name in one and name in other else one.get(name, other.get(name))
            for name in (*one, *(name for name in other if name not in one))
        }
    if isinstance(one, list) and isinstance(other, list):
        return [_merged(one[0], other[0])] if one and other else one or other
    if isinstance(one, str) and isinstance(other, str):
        return " or ".join(sorted({*one.split(" or "), *other.split(" or ")}))
    return one if isinstance(one, dict | list) else other
