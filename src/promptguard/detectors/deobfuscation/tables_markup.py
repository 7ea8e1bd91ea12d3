"""Tables that are marked up: `<table>` of HTML, and the rows of SQL's `INSERT`.

They become `tables.Table`s, whose cells are read after the headings of their columns like those of others.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from promptguard.detectors.deobfuscation.tables import Cell, Table
from promptguard.detectors.labels.lexicon import label_of
from promptguard.detectors.literal_matcher import LiteralMatcher

MAX_COLUMNS = 128
MAX_CELL_LENGTH = 500
MAX_LIST_LENGTH = 4_000
"""Characters of a list of columns."""

_TAG = re.compile(r"<(?P<close>/?)(?P<name>table|thead|tbody|tr|th|td)\b[^<>]{0,300}>", re.IGNORECASE)
_PADDING = re.compile(r"(?:\s|<[^<>]{0,300}>|&nbsp;)*+")
_INSERT = re.compile(
    rf"\binsert\s{{1,8}}(?:or\s{{1,4}}\w{{1,10}}\s{{1,4}}|ignore\s{{1,4}})?into\s{{1,8}}[\w.\"`\[\]]{{1,100}}\s{{0,8}}"
    rf"\((?P<columns>[^()]{{3,{MAX_LIST_LENGTH}}})\)\s{{0,8}}values?\s{{0,8}}(?=\()",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\s*+(?:N?'(?P<single>(?:[^'\\\n]|\\.|'')*+)'|\"(?P<double>(?:[^\"\\\n]|\\.)*+)\"|(?P<bare>[^,()'\"\n]*+))\s*+(?P<end>[,)])"
)
_NEXT_ROW = re.compile(r"\s*+,?\s*+\(")
_CELL, _ROW = 0, 1
"""What `_words` finds: tags of HTML's tables, and the word of SQL."""
_AROUND_NAME = " \t\r\n\"`'[]"


def marked_up_tables(text: str) -> list[Table]:
    """The tables of both sorts in `text`. Linear; text without either costs a search for their words."""
    words = {index for index, _ in _words()(text.encode("ascii", "replace"))}
    found: list[Table] = []
    if _CELL in words:
        found.extend(_html(text))
    if _ROW in words:
        found.extend(_inserts(text))
    return found


@functools.cache
def _words() -> LiteralMatcher:
    """What tells of tables of either sort."""
    return LiteralMatcher([b"<[tT]", b"insert|INSERT|Insert"], once=True)


def _html(text: str) -> Iterator[Table]:
    headings: tuple[str, ...] = ()
    rows: list[tuple[Cell, ...]] = []
    begun = 0
    for row, is_head, closes in _rows(text):
        content = tuple(text[cell.start : cell.end] for cell in row)
        if is_head or closes or (not headings and _are_labels(content)):
            if headings and rows:
                yield Table(headings, begun, rows[0][0].start, rows[-1][-1].end, tuple(rows), ruled=True)
            headings, rows = (() if closes else content), []
            begun = row[0].start if row else 0
        elif headings and row and len(row) <= len(headings):
            rows.append(row)
    if headings and rows:
        yield Table(headings, begun, rows[0][0].start, rows[-1][-1].end, tuple(rows), ruled=True)


def _are_labels(content: tuple[str, ...]) -> bool:
    """Whether a row without `<th>` is one of headings: most of its cells are labels."""
    return len(content) > 1 and 2 * sum(bool(label_of(each)) for each in content) >= len(content)


def _rows(text: str) -> Iterator[tuple[tuple[Cell, ...], bool, bool]]:
    """Rows, whether each is of headings, and whether a table ends after it."""
    cells: list[Cell] = []
    heads = 0
    opened: int | None = None
    column = 0
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if opened is not None:
            cell = _cell(text, opened, tag.start(), column - 1)
            if cell.start < cell.end:
                cells.append(cell)
            opened = None
        if name in {"td", "th"} and not tag["close"]:
            heads += name == "th"
            opened, column = tag.end(), column + 1
        elif name not in {"td", "th"}:
            ends = name == "table"
            if cells or ends:
                yield tuple(cells[:MAX_COLUMNS]), bool(cells) and heads == column > 1, ends
            cells, heads, column = [], 0, 0
    if cells:
        yield tuple(cells[:MAX_COLUMNS]), heads == column > 1, False


def _cell(text: str, start: int, end: int, column: int) -> Cell:
    end = min(end, start + MAX_CELL_LENGTH)
    padding = _PADDING.match(text, start, end)
    start = padding.end() if padding else start
    while end > start:
        if text[end - 1].isspace():
            end -= 1
        elif text[end - 1] == ">" and (opening := text.rfind("<", start, end)) >= 0:
            end = opening
        else:
            break
    return Cell(start, end, column)


def _inserts(text: str) -> Iterator[Table]:
    position = 0
    while (insert := _INSERT.search(text, position)) is not None:
        headings = tuple(name.strip(_AROUND_NAME) for name in insert["columns"].split(","))
        rows: list[tuple[Cell, ...]] = []
        position = start = insert.end()
        while (opening := _NEXT_ROW.match(text, position)) is not None:
            row, stop = _row_of_values(text, opening.end())
            if stop is None or len(row) > len(headings):
                break
            rows.append(tuple(cell for cell in row if cell.start < cell.end))
            position = stop
        if rows:
            yield Table(headings, insert.start("columns"), start, position, tuple(rows), ruled=True)


def _row_of_values(text: str, position: int) -> tuple[list[Cell], int | None]:
    cells: list[Cell] = []
    while (value := _VALUE.match(text, position)) is not None and len(cells) < MAX_COLUMNS:
        group = next(name for name in ("single", "double", "bare") if value[name] is not None)
        first, last = value.span(group)
        cells.append(Cell(first, last, len(cells)))
        position = value.end()
        if value["end"] == ")":
            return cells, position
    return cells, None
