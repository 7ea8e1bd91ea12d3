"""JSON within texts, each value after what says what it is: `{"name": "password", "value": …}`, rows under headings.

Tools answer with JSON, people paste it. Where a value stands right behind its name, the text itself tells; this reading
is of the values whose names stand elsewhere (`wire.documents.labels`). Nothing in it is obfuscated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder
from typing import Any, Final

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.deobfuscation.view import View, ViewWriter
from promptguard.detectors.labels.reading import KIND
from promptguard.detectors.segment_labels import one_label
from promptguard.errors import Unreadable
from promptguard.model import Path, Role
from promptguard.wire.documents.json import JsonTree
from promptguard.wire.documents.json_source import Number

MAX_DEPTH: Final = 64
"""Objects and arrays within each other."""

MAX_VALUES: Final = 20_000
"""Values of the JSON of one text."""

_OBJECT, _ARRAY = r'\{\s{0,40}"', r'\[\s{0,40}[\[{"]'
_BEGIN: Final = re.compile(f"{_OBJECT}|{_ARRAY}")
"""An object, or an array of something else than numbers."""
_BEGINS: Final = re.compile(_OBJECT), re.compile(_ARRAY)
"""The same one by one: a single character is looked for many times faster than one of two."""
_APART: Final = re.compile(
    r'(?i)"(?:name|key|field|label|question|k|prop\w*|title|header\w*|var\w*|attr\w*|param\w*|setting|option|col\w*|term|type'
    r'|id|kind|keys|names|s|n|value\w*|\w*value|text|raw|default)"\s{0,8}:|\[\s{0,40}\[|:\s{0,8}\[\s{0,40}"'
)
"""What a text has in it that has such values."""
_TOKEN: Final = re.compile(
    r'\s*+(?:(?P<sign>[{}\[\],:])|(?P<quote>")|(?P<number>-?\d[\d.eE+-]*)|(?P<word>true|false|null))'
)
_STRINGS: Final = JSONDecoder(strict=False)
_END: Final = "\n- - -\nend of the value here now\n"


class PlacedText(str):
    """A string of JSON, and where in the text it stands, without its quotation marks."""

    start: int
    end: int


class PlacedNumber(Number):
    """The same of a number."""

    __slots__ = ("end", "start")
    start: int
    end: int


def read_records(text: str, parent: View | None = None) -> View | None:
    """The values in the JSON of `text` whose labels stand apart, each after its label; None where there are none.

    Linear in the text.

    Args:
        text: that of `parent` where there is one.
        parent: the view that `text` is.
    """
    if not any(begin.search(text) for begin in _BEGINS) or not _APART.search(text):
        return None
    writer = ViewWriter(text, Confidence.LABELLED, parent)
    for label, value, start, end in _labelled(text):
        writer.write(f"{label}: ", start, start, "")
        writer.write(value, start, end, KIND)
        writer.write(_END, end, end, None)
    return writer.view() if writer.length else None


def _labelled(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Labels, and values with where they stand."""
    for root in _roots(text):
        try:
            tree = JsonTree(root, frozenset())
        except Unreadable:
            continue
        for leaf in tree.leaves:
            if leaf.role is Role.KEY or not leaf.label or _is_beside(leaf.path, leaf.label):
                continue
            item = _follow(root, leaf.path)
            if isinstance(item, PlacedText | PlacedNumber) and item.start < item.end:
                yield one_label(leaf.label), leaf.text, item.start, item.end


def _is_beside(path: Path, label: str) -> bool:
    """Whether a value stands right behind its label."""
    return bool(path) and path[-1] == label


def _follow(value: Any, path: Path) -> Any:
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value


def _roots(text: str) -> Iterator[Any]:
    """The JSON values in a text, parsed: objects, and arrays. No character is read twice."""
    left = MAX_VALUES
    position = 0
    while left > 0 and (begin := _BEGIN.search(text, position)):
        parser = _Parser(text, begin.start(), left)
        root = parser.parse()
        left = parser.left
        position = max(parser.position, begin.start() + 1)
        if root is not None:
            yield root


class _Parser:
    """Reads one value of JSON and remembers where its strings and numbers stand; what is cut off is read as far as it
    goes."""

    def __init__(self, text: str, position: int, left: int) -> None:
        self.position = position
        self.left = left
        self._text = text

    def parse(self) -> Any:
        """The value, or as much of it as there is."""
        root: Any = None
        open_containers: list[Any] = []
        name: str | None = None
        while self.left > 0 and (token := _TOKEN.match(self._text, self.position)):
            self.position = token.end()
            if token["sign"] in ("}", "]"):
                open_containers.pop()
                name = None
                if not open_containers:
                    break
                continue
            if token["sign"] in (",", ":"):
                continue
            self.left -= 1
            item = self._item(token)
            if item is None and not token["word"]:
                break
            inside = open_containers[-1] if open_containers else None
            if isinstance(inside, dict) and name is None:
                if not isinstance(item, str):
                    break
                name = str(item)
                continue
            if inside is None:
                root = item
            elif isinstance(inside, dict):
                inside[name] = item
            else:
                inside.append(item)
            name = None
            if isinstance(item, dict | list):
                open_containers.append(item)
                if len(open_containers) > MAX_DEPTH:
                    break
        return root

    def _item(self, token: re.Match[str]) -> Any:
        if token["sign"]:
            return {} if token["sign"] == "{" else []
        if token["number"]:
            number = PlacedNumber(token["number"])
            number.start, number.end = token.span("number")
            return number
        if token["word"]:
            return None
        try:
            value, end = _STRINGS.raw_decode(self._text, token.end() - 1)
        except ValueError:
            return None
        text = PlacedText(value)
        text.start, text.end = token.end(), end - 1
        self.position = end
        return text
