"""The cells of Excel workbooks (SpreadsheetML, ECMA-376 part 1, 18) with other texts in them.

A cell that refers to a shared text has that text changed, with its formats, for all cells that refer to it. A number
becomes a text of its own; the result of a formula stays one, so that the formula may be worked out again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

from promptguard.files.extraction import Extraction
from promptguard.files.limits import MAX_UNPACKED
from promptguard.files.packages import Package
from promptguard.files.readers.spreadsheet import SHARED, OpenWorkbook, Sheet, open_workbook
from promptguard.files.replacements import Replacements, replaced, values_pattern
from promptguard.files.writers.xml_source import Node, XmlSource, aligned, spread
from promptguard.model import Edit

_CELL: Final = re.compile(r"<(?P<name>(?:\w+:)?c)(?=[\s/>])(?P<rest>[^>]*?)(?P<empty>/?)>")
_TYPE: Final = re.compile(r"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")
_ITEM: Final = re.compile(r"(?s)<(?:\w+:)?si(?=[\s/>])(?:[^>]*/>|.*?</(?:\w+:)?si>)")
_FORMULA: Final = re.compile(r"(?s)<(?:\w+:)?f\b[^>]*(?:/>|>.*?</(?:\w+:)?f>)")


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of the parts that hold cells."""

    parts: Mapping[str, bytes] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    """The texts that readers make of the sheets."""
    told: Mapping[str, str] = field(default_factory=dict)
    """What stands for the values that were found in the sheets beside cells: in headers, links, formulas."""
    names: frozenset[str] = frozenset()
    """The parts that hold cells or their texts, changed or not."""

    def has(self, name: str) -> bool:
        """Whether a part holds cells or their texts."""
        return name in self.names


def changes(data: bytes, replacements: Replacements) -> Changes:
    """What becomes of the cells of a workbook; nothing of one in a binary form."""
    package = Package(data, Extraction(MAX_UNPACKED))
    book = open_workbook(package)
    if book is None:
        return Changes()
    strings = _SharedTexts(package.read(SHARED), replacements) if SHARED in package else None
    parts: dict[str, bytes] = {}
    texts: set[str] = set()
    told: dict[str, str] = {}
    for path in book.sheets:
        sheet = _Traced(book)
        part = package.read(path)
        text = sheet.read(part)
        texts.add(text)
        edits = replacements.by_text.get(text, ())
        cells = sheet.edited(text, edits)
        told |= {text[edit.start : edit.end]: edit.text for edit in edits if edit.start >= sheet.end}
        if written := _with_cells(part.decode(), sheet.settle(cells, strings)):
            parts[path] = written
    if strings is not None and (written := strings.written()):
        parts[SHARED] = written
    return Changes(parts, frozenset(texts), told, frozenset({*book.sheets, SHARED}))


@dataclass(slots=True)
class _Cell:
    number: int
    """From 0, in the order of the sheet."""
    shown: Node
    """What it shows, and what is to stand there instead."""
    shared: int
    """The number of the shared text that it refers to; -1 for none."""


class _Traced(Sheet):
    """A sheet that is read with where its cells stand in its text."""

    def __init__(self, book: OpenWorkbook) -> None:
        super().__init__(book.strings, book.formats, from_1904=book.workbook.from_1904)
        self.end = 0
        """Where the cells end in the sheet's text."""
        self._cells: list[_Cell] = []

    def put(self, text: str) -> None:
        self._cells.append(_Cell(self.number, Node(0, 0, text, "c"), self.shared_text))
        super().put(text)

    def edited(self, text: str, edits: Sequence[Edit]) -> list[_Cell]:
        """The cells that are to show something else, once the sheet was read as this text."""
        placed = aligned(text, [cell.shown for cell in self._cells], joints="")
        spread(placed, edits)
        self.end = placed[-1][0] + len(placed[-1][1].content) if placed else 0
        return [cell for cell in self._cells if cell.shown.edits]

    def settle(self, cells: Sequence[_Cell], strings: _SharedTexts | None) -> dict[int, str]:
        """Leave the shared texts to `strings`; the new texts of all other cells by their number."""
        own: dict[int, str] = {}
        for cell in self._cells if strings else ():
            assert strings is not None
            strings.uses[cell.shared] = strings.uses.get(cell.shared, 0) + 1
        for cell in cells:
            if strings is not None and cell.shared >= 0 and all(edit.text for edit in cell.shown.edits):
                strings.edits.setdefault(cell.shared, []).extend(cell.shown.edits)
                continue
            own[cell.number] = replaced(cell.shown.content, cell.shown.edits)
            if strings is not None:
                strings.uses[cell.shared] -= 1
        return own


class _SharedTexts:
    """The part of the texts that cells refer to by number."""

    def __init__(self, part: bytes, replacements: Replacements) -> None:
        self.edits: dict[int, list[Edit]] = {}
        self.uses: dict[int, int] = {}
        """How many cells refer to each text, of those that do not get a text of their own."""
        self._source = XmlSource(part)
        self._items = [match.span() for match in _ITEM.finditer(part.decode())]
        self._values = replacements.values()

    def written(self) -> bytes | None:
        """The part with its texts changed; None where none of them does."""
        pattern = values_pattern(self._values)
        for number, nodes in enumerate(self._texts()):
            content = "".join(node.content for node in nodes)
            if self.uses.get(number) == 0:
                edits = [Edit(0, len(content), "")]
            elif number in self.uses:
                edits = self.edits.get(number, [])
            else:
                found = pattern.finditer(content) if pattern else ()
                edits = [Edit(match.start(), match.end(), self._values[match[0]]) for match in found]
            spread(_in_a_row(nodes), edits)
        return self._source.written() if any(node.edits for node in self._source.nodes) else None

    def _texts(self) -> list[list[Node]]:
        """Of each shared text the nodes, but for its phonetic guides."""
        found: list[list[Node]] = [[] for _ in self._items]
        number = 0
        for node in self._source.nodes:
            while number < len(self._items) and self._items[number][1] <= node.start:
                number += 1
            within = number < len(self._items) and self._items[number][0] <= node.start
            if within and not node.attribute and node.element == "t" and "rPh" not in node.inside:
                found[number].append(node)
        return found


def _in_a_row(nodes: Sequence[Node]) -> list[tuple[int, Node]]:
    placed: list[tuple[int, Node]] = []
    position = 0
    for node in nodes:
        placed.append((position, node))
        position += len(node.content)
    return placed


def _with_cells(source: str, texts: Mapping[int, str]) -> bytes | None:
    """A sheet with other texts in some of its cells, by their number; None where there are none."""
    if not texts:
        return None
    pieces: list[str] = []
    position = 0
    for number, tag in enumerate(_CELL.finditer(source)):
        if number in texts and not tag["empty"]:
            closing = f"</{tag['name']}>"
            end = source.index(closing, tag.end())
            pieces += (source[position : tag.start()], _cell(tag, source[tag.end() : end], texts[number]), closing)
            position = end + len(closing)
    return "".join((*pieces, source[position:])).encode()


def _cell(tag: re.Match[str], inner: str, text: str) -> str:
    """The start tag and the content of a cell that shows a text."""
    prefix = tag["name"][:-1]
    head = f"<{tag['name']}{_TYPE.sub('', tag['rest'])}"
    formula = _FORMULA.search(inner)
    if formula:
        return f'{head} t="str">{formula[0]}<{prefix}v>{escape(text)}</{prefix}v>'
    return f'{head} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}is>'
