"""Tables read cell by cell, each cell after the heading of its column: `date of birth: 12.03.1984`.

In a table the word that says what a value is stands once, rows away from most values. This reading puts it before each
of them, so that whoever knows labelled values knows those in tables, too. Nothing in it is obfuscated.

Read are comma-, semicolon- and tab-separated values (RFC 4180, without line ends in cells) and Markdown tables: a line
of headings and at least two rows of as many cells, or one row after a Markdown rule. Everything is linear in the text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.deobfuscation.view import View, ViewWriter
from promptguard.detectors.labels.lexicon import label_of
from promptguard.detectors.literal_matcher import LiteralMatcher

KIND = "column heading"

MAX_ROW_LENGTH = 8_192
"""Characters of a line; longer ones end a table."""
MAX_LABEL_LENGTH = 24
"""Characters of a heading that are put before each cell: bounds what is made of short cells."""
MIN_CELL_LENGTH = 3
"""Characters of a cell; shorter ones are not read."""

_NO_LABEL = r"\t\n\r;,|:=<>{}\[\]\\0-9"
"""Characters of no heading, but for one digit at its end: `phone 2`."""
_LABEL = rf"""[ ]{{0,8}}["*_]{{0,2}}[^\W\d_][^{_NO_LABEL}"]{{0,39}}+[0-9]?["*_]{{0,2}}[ ]{{0,8}}"""
_HEADINGS = re.compile(
    rf"\n(?P<line>(?P<edge>[ ]{{0,3}}\|)?{_LABEL}(?P<separator>[\t;,|])"
    rf"(?:{_LABEL}(?P=separator)){{0,127}}(?:{_LABEL}|(?(edge)[ ]{{0,8}}|(?!))))\r?(?=\n)"
)
"""A line of short words between separators. The line end before it is what makes the search fast."""
_PREFILTERS = tuple(
    rf"\n *{edge}[^{_NO_LABEL}]+[0-9]?[\"*_]* *(?:{separator}[^{_NO_LABEL}]+[0-9]?[\"*_]* *)+{edge} *\r?\n"
    rf"[^\n]*{separator}[^\n]*\n[^\n]*{separator}[^\n]*\n"
    for separator, edge in ((r"\t", ""), (";", ""), (",", ""), (r"\|", r"\|?"))
)
"""What Hyperscan looks for first: matches wherever `_HEADINGS` does with two more lines that have the separator."""
_BOX_PREFILTERS = (
    rf"\n *\|?[^{_NO_LABEL}]+[0-9]?[\"*_]* *(?:\|[^{_NO_LABEL}]+[0-9]?[\"*_]* *)+\|? *\r?\n"
    r"[ +|-]*-[+-]*\+-[ +|-]*\r?\n[^\n]*\|[^\n]*\n",
)
"""The same with the line that databases draw under headings: `+----+----+`, `----+----`."""
_MAX_WORDS = 4
"""Words of a heading; a clause of a sentence has more."""
_RULE = re.compile(r"[ ]{0,3}\|?(?:[ ]*:?-+:?[ ]*\|)*[ ]*:?-+:?[ ]*\|?[ ]*\r?|[ ]{0,3}\+?-+(?:\+-+)+\+?[ ]*\r?")
"""The line under the headings of a Markdown table (GitHub Flavored Markdown 4.10), or of a database's output."""

_CELLS = {
    separator: re.compile(
        rf'[ ]*+(?:"(?P<quoted>(?:[^"\n]|"")*+)"[ ]*+(?={re.escape(separator)}|\Z)'
        rf"|(?P<plain>[^{re.escape(separator)}\n]*+))(?P<end>{re.escape(separator)}|\Z)"
    )
    for separator in "\t;,|"
}
"""A separator within quotation marks divides no cells (RFC 4180 2)."""

_AROUND = frozenset(" \t\r*_`'\"")

_COLUMN_END = "\n- - -\nend of the column here now\n"
"""Between columns: more words than a context word reaches over."""


class Cell(NamedTuple):
    """A cell without the white space, quotation and emphasis marks around it; offsets are into the text."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text; offsets are into the text."""

    headings: tuple[str, ...]
    headings_start: int
    start: int
    """Of its first row."""
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    """The cells that are not empty."""
    ruled: bool
    """There is a rule under the headings, so that they cannot be a row like the others."""


def tables(text: str) -> list[Table]:
    """The tables in `text`, in order. Text without any costs some millionth of a second for 1,000 characters."""
    if text.count("\n") < 2:
        return []
    found: list[Table] = []
    searched = "\n" + text
    position = 0
    for start in _candidates(searched):
        # One character was put before the text.
        headings = _HEADINGS.match(searched, start) if start >= position else None
        if headings is None:
            continue
        table = _table(text, start, headings.end() - 1, headings["separator"])
        if table is not None:
            found.append(table)
            position = table.end
    return found


def read_tables(text: str, found: Sequence[Table], parent: View | None = None) -> View | None:
    """The cells of tables in `text`, column by column, for detectors that know values by words before them.

    Args:
        text: that of `parent` where there is one.
        found: from `tables`.
        parent: the view that `text` is.
    """
    writer = CellWriter(text, parent)
    for table in found:
        labels = [f"{known}: " if (known := label_of(heading)) else label(heading) for heading in table.headings]
        for column in _by_column(table):
            for cell in column:
                writer.write(cell, labels[cell.column])
            writer.end_group(_COLUMN_END)
    view = writer.view()
    return view if view.text else None


def _candidates(searched: str) -> Iterator[int]:
    """Where the line ends stand before lines that may be headings, in ascending order."""
    ends = {end for _, end in _prefilter()(b"%b\n" % searched.encode("ascii", "replace"))}
    for end in sorted(ends):
        # Hyperscan tells where the second line after the headings ends.
        start = end - 1
        for _ in range(3):
            start = searched.rfind("\n", 0, start)
        yield start


@functools.cache
def _prefilter() -> LiteralMatcher:
    """The compiled prefilters, made once in some hundredths of a second."""
    return LiteralMatcher([prefilter.encode("ascii") for prefilter in (*_PREFILTERS, *_BOX_PREFILTERS)])


def _table(text: str, start: int, end: int, separator: str) -> Table | None:
    """The table whose headings stand in `text` from `start` to `end`, if rows follow."""
    headings = tuple(text[cell.start : cell.end] for cell in _cells(text, start, end, separator))
    if len(headings) < 2 or any(len(heading.split()) > _MAX_WORDS for heading in headings):
        return None
    if separator == "," and len(headings) == 2 and ", " in text[start:end]:
        return None  # "Yes, please"
    rows: list[tuple[Cell, ...]] = []
    first = position = end + 1
    ruled = False
    while position < len(text):
        stop = text.find("\n", position, position + MAX_ROW_LENGTH)
        if stop < 0:
            if len(text) - position > MAX_ROW_LENGTH:
                break
            stop = len(text)
        if not rows and not ruled and separator == "|" and _RULE.fullmatch(text, position, stop):
            ruled = True
            first = position = stop + 1
            continue
        cells = _cells(text, position, stop, separator)
        if len(cells) != len(headings):
            break
        rows.append(tuple(cell for cell in cells if cell.start < cell.end))
        position = stop + 1
    if len(rows) < (1 if ruled else 2):
        return None
    return Table(headings, start, first, min(position, len(text)), tuple(rows), ruled)


def _cells(text: str, start: int, end: int, separator: str) -> list[Cell]:
    """The cells of the line from `start` to `end`, those without content as empty spans."""
    while end > start and text[end - 1] in "\r ":
        end -= 1
    if separator == "|":
        while start < end and text[start] == " ":
            start += 1
        start += text.startswith("|", start, end)
        end -= end > start and text[end - 1] == "|"
    cells: list[Cell] = []
    position = start
    if text.find('"', start, end) < 0:
        for content in text[start:end].split(separator):
            cells.append(_trimmed(text, position, position + len(content), len(cells)))
            position += len(content) + 1
        return cells
    pattern = _CELLS[separator]
    while match := pattern.match(text, position, end):
        group = "plain" if match["quoted"] is None else "quoted"
        cells.append(_trimmed(text, *match.span(group), len(cells)))
        position = match.end()
        if not match["end"]:
            break
    return cells


def _trimmed(text: str, start: int, end: int, column: int) -> Cell:
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return Cell(start, end, column)


def _by_column(table: Table) -> Iterator[list[Cell]]:
    columns: list[list[Cell]] = [[] for _ in table.headings]
    for row in table.rows:
        for cell in row:
            if cell.end - cell.start >= MIN_CELL_LENGTH:
                columns[cell.column].append(cell)
    return (column for column in columns if column)


class CellWriter:
    """Puts cells after their labels, each on a line of its own, into a view."""

    def __init__(self, text: str, parent: View | None = None) -> None:
        """Take the text that the cells are of, which is that of `parent` where there is one."""
        self._text = text
        self._writer = ViewWriter(text, Confidence.TABULAR, parent)

    def write(self, cell: Cell, label: str, parts: Sequence[tuple[int, int]] | None = None) -> int:
        """Add a line, and say where the cell's content begins in the view.

        Args:
            cell: of the text.
            label: what to put before it.
            parts: spans of the cell's content in the order in which to read them, with a space between them; None
                reads the content as it is.
        """
        # The label stands for nothing, at the cell's place: a finding that takes it in is one of the cell.
        self._writer.write(label, cell.start, cell.start, "")
        start = self._writer.length
        for number, (first, last) in enumerate(parts or [(0, cell.end - cell.start)]):
            if number:
                self._writer.write(" ", cell.start, cell.start, "")
            self._writer.write(
                self._text[cell.start + first : cell.start + last], cell.start + first, cell.start + last, KIND
            )
        self._writer.write("\n", cell.end, cell.end, None)
        return start

    def end_group(self, separator: str) -> None:
        """Add what nothing in the text stands for."""
        self._writer.write(separator, 0, 0, None)

    def view(self) -> View:
        """What was written."""
        return self._writer.view()


def label(heading: str) -> str:
    """What a heading reads like before a value."""
    return heading[:MAX_LABEL_LENGTH].strip().replace("_", " ") + ": "
