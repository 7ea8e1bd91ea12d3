"""Tables read cell by cell, each cell after the heading of its column: `date of birth: 12.03.1984`.

In a table the word that says what a value is stands once, rows away from most values. This reading puts it before each
of them, so that whoever knows labelled values knows those in tables, too. Nothing in it is disguised.

Read are comma-, semicolon- and tab-separated values (RFC 4180, without line ends in cells) and Markdown tables: a line
of headings and at least two rows of as many cells, or one row after a Markdown rule. Everything is linear in the text.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import hyperscan

from promptguard.detectors.hidden.interface import Reading
from promptguard.detectors.hidden.view import View

KIND = "column heading"

LONGEST_ROW = 8_192
"""Characters of a line; longer ones end a table."""
LONGEST_LABEL = 24
"""Characters of a heading that are put before each cell: bounds the reading to some eight times its table."""
SHORTEST_CELL = 3
"""Characters of a cell; shorter ones are not read, unless they are words and names are looked for."""

_NO_LABEL = r"\t\n\r;,|:=<>{}\[\]\\0-9"
"""Characters of no heading, but for one digit at its end: `phone 2`."""
_LABEL = rf"""[ ]{{0,8}}["*_]{{0,2}}[^\W\d_][^{_NO_LABEL}"]{{0,39}}+[0-9]?["*_]{{0,2}}[ ]{{0,8}}"""
_HEADINGS = re.compile(
    rf"\n(?P<line>(?P<edge>[ ]{{0,3}}\|)?{_LABEL}(?P<separator>[\t;,|])"
    rf"(?:{_LABEL}(?P=separator)){{0,127}}(?:{_LABEL}|(?(edge)[ ]{{0,8}}|(?!))))\r?(?=\n)"
)
"""A line of short words between separators. The line end before it is what makes the search fast."""
_GATES = tuple(
    rf"\n *{edge}[^{_NO_LABEL}]+[0-9]?[\"*_]* *(?:{separator}[^{_NO_LABEL}]+[0-9]?[\"*_]* *)+{edge} *\r?\n"
    rf"[^\n]*{separator}[^\n]*\n[^\n]*{separator}[^\n]*\n"
    for separator, edge in ((r"\t", ""), (";", ""), (",", ""), (r"\|", r"\|?"))
)
"""What Hyperscan looks for first: matches wherever `_HEADINGS` does with two more lines that have the separator."""
_MOST_WORDS = 4
"""Words of a heading; a clause of a sentence has more."""
_RULE = re.compile(r"[ ]{0,3}\|?(?:[ ]*:?-+:?[ ]*\|)*[ ]*:?-+:?[ ]*\|?[ ]*\r?")
"""The line under the headings of a Markdown table (GitHub Flavored Markdown 4.10)."""

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

_HAS_WORD = re.compile(r"[^\W\d_]{2}")
_LAST_FIRST = re.compile(
    r"(?P<last>[^\W\d_][^\W\d_'’. -]{0,20}(?:['’. -]{1,2}[^\W\d_]+){0,3}),[ ]{0,2}"
    r"(?P<first>[^\W\d_][^\W\d_'’. -]{0,20}(?:['’. -]{1,2}[^\W\d_]+){0,3}\.?)"
)
_OF_PERSONS = re.compile(
    r"\b(?:(?:sur|last|first|full|user|family|given)?_?names?|customers?|clients?|contacts?|persons?|people|patients?"
    r"|employees?|members?|owners?|users?|authors?|guests?|students?|teachers?|tenants?|holders?|managers?|doctors?"
    r"|\w*namen?|kund(?:e|en|in)|person(?:en)?|patient(?:en|in)?|mitarbeiter(?:in)?|mitglied(?:er)?|ansprechpartner"
    r"|inhaber(?:in)?|mieter(?:in)?|noms?|prénoms?|patiente?|employée?|salariée?|nombres?|apellidos?|clientes?"
    r"|paciente|empleado|nom[ei]|cognom[ei]|clienti?|paziente|dipendente|na(?:am|men)|klant(?:en)?|medewerker"
    r"|patiënt|navne?|kunder?|medarbejder)\b",
    re.IGNORECASE,
)
"""Headings under which people stand, in the seven languages."""


class Cell(NamedTuple):
    """A cell without the white space, quotation and emphasis marks around it; offsets are into the text."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text; offsets are into the text."""

    headings: tuple[str, ...]
    start: int
    """Of its first row: the headings are looked at like all else."""
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    """The cells that are not empty."""


def tables(text: str) -> list[Table]:
    """The tables in `text`, in order. Text without any costs some millionth of a second for 1,000 characters."""
    if text.count("\n") < 2 or not _may_have_tables(text):
        return []
    found: list[Table] = []
    searched = "\n" + text
    position = 0
    while headings := _HEADINGS.search(searched, position):
        # One character was put before the text; the search goes on at the line end before the next line.
        start, end = headings.start("line") - 1, headings.end() - 1
        table = _table(text, start, end, headings["separator"])
        if table is None:
            position = end + 1
        else:
            found.append(table)
            position = table.end
    return found


def read_tables(text: str, found: list[Table], parent: View | None = None) -> View | None:
    """The cells of tables in `text`, column by column, for detectors that know values by words before them.

    Args:
        text: that of `parent` where there is one.
        found: from `tables`.
        parent: the view that `text` is.
    """
    return _view(text, [(each, _by_column(each)) for each in found], parent)


def read_names(text: str, found: list[Table]) -> View | None:
    """The cells of tables in `text` that have words in them, row by row, for a model that knows what reads like prose.

    A cell `Last, First` under a heading of persons reads `First Last`.
    """
    return _view(text, [(each, iter(each.rows)) for each in found], None, names=True)


def _may_have_tables(text: str) -> bool:
    database, local = _gate()
    if not hasattr(local, "scratch"):
        local.scratch = hyperscan.Scratch(database)
    matched = False

    def on_match(_identifier: int, _start: int, _end: int, _flags: int, _context: object) -> bool:
        nonlocal matched
        matched = True
        return True

    with suppress(hyperscan.ScanTerminated):  # one match is enough
        database.scan(b"\n%b\n" % text.encode("ascii", "replace"), match_event_handler=on_match, scratch=local.scratch)
    return matched


@functools.cache
def _gate() -> tuple[Any, threading.local]:
    """The compiled gates, made once in some hundredths of a second, and where each thread keeps its scratch space."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=[gate.encode("ascii") for gate in _GATES], ids=list(range(len(_GATES))), flags=0)
    return database, threading.local()


def _table(text: str, start: int, end: int, separator: str) -> Table | None:
    """The table whose headings stand in `text` from `start` to `end`, if rows follow."""
    headings = tuple(text[cell.start : cell.end] for cell in _cells(text, start, end, separator))
    if len(headings) < 2 or any(len(heading.split()) > _MOST_WORDS for heading in headings):
        return None
    if separator == "," and len(headings) == 2 and ", " in text[start:end]:
        return None  # "Yes, please"
    rows: list[tuple[Cell, ...]] = []
    first = position = end + 1
    ruled = False
    while position < len(text):
        stop = text.find("\n", position, position + LONGEST_ROW)
        if stop < 0:
            if len(text) - position > LONGEST_ROW:
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
    return Table(headings, first, min(position, len(text)), tuple(rows))


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


def _by_column(table: Table) -> Iterator[tuple[Cell, ...]]:
    columns: list[list[Cell]] = [[] for _ in table.headings]
    for row in table.rows:
        for cell in row:
            columns[cell.column].append(cell)
    return map(tuple, columns)


def _view(
    text: str, found: list[tuple[Table, Iterator[tuple[Cell, ...]]]], parent: View | None, *, names: bool = False
) -> View | None:
    view = View(text, Reading.TABULAR, parent)
    parts: list[str] = []
    length = 0

    def add(part: str, start: int, end: int, kind: str | None) -> None:
        nonlocal length
        if part:
            view.add(length, start, end, 1 if end - start == len(part) else 0, kind)
            parts.append(part)
            length += len(part)

    for table, groups in found:
        labels = [_label(heading) for heading in table.headings]
        of_persons = [names and _OF_PERSONS.search(heading) is not None for heading in table.headings]
        for group in groups:
            for cell in group:
                content = text[cell.start : cell.end]
                if not _HAS_WORD.search(content) if names else len(content) < SHORTEST_CELL:
                    continue
                # The heading stands for nothing, at the cell's place: a finding over it is one of the cell.
                add(labels[cell.column], cell.start, cell.start, "")
                swapped = _LAST_FIRST.fullmatch(content) if of_persons[cell.column] else None
                if swapped is not None:
                    last, first = swapped.span("last"), swapped.span("first")
                    add(swapped["first"], cell.start + first[0], cell.start + first[1], KIND)
                    add(" ", cell.start + last[1], cell.start + first[0], "")
                    add(swapped["last"], cell.start + last[0], cell.start + last[1], KIND)
                else:
                    add(content, cell.start, cell.end, KIND)
                add("\n", cell.end, cell.end, None)
            add("\n" if names else _COLUMN_END, table.end, table.end, None)
    if not parts:
        return None
    view.text = "".join(parts)
    return view


def _label(heading: str) -> str:
    return heading[:LONGEST_LABEL].strip().replace("_", " ") + ": "
