"""From a table of customers to an index of it: row by row, and then the sorted arrays."""

from __future__ import annotations

import array
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from promptguard.detectors.tenants.bloom_filter import BloomFilter
from promptguard.detectors.tenants.columns import Column, Plan, make_plan
from promptguard.detectors.tenants.directory import MAX_CELLS, TermDirectory
from promptguard.detectors.tenants.filter_hash import FilterHash
from promptguard.detectors.tenants.folding import Numbers
from promptguard.detectors.tenants.index_file import write_index_file
from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes, as_halves
from promptguard.detectors.tenants.kinds import FACTS, ColumnKind
from promptguard.detectors.tenants.layout import LAYOUT_SUFFIX, TableLayout
from promptguard.detectors.tenants.normal_forms import MIN_NUMBER_LENGTH, terms_of
from promptguard.detectors.tenants.table import CustomerTable
from promptguard.detectors.tenants.terms import Shape, Term
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import load

SHOWN_LINES = 20
"""Lines that are told of each reason to refuse."""
MAX_ROWS_OF_A_VALUE = 32
"""Rows that are looked at for one value. A value that more have, such as a common name, says which row only beside
others."""
MAX_NUMBERS = 0.01
"""Share of all numbers of a length that may be ids before any number in a text is likely to be one."""
_PORTION = 1 << 16
"""Terms that are hashed for the filter at once."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of the CSV, or a value in it, that the index does not hold."""

    line: int
    """Of the file, counted from 1."""
    reason: str
    """Names the column, never the value."""


@dataclass(slots=True)
class Rejections:
    """What was left out: the first lines of each reason, and how many there are."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, line: int, reason: str) -> None:
        """Note one."""
        self.counts[reason] += 1
        if self.counts[reason] <= SHOWN_LINES:
            self.lines.setdefault(reason, []).append(line)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.counts.total()

    def rows(self) -> list[RejectedRow]:
        """Those whose lines are known, in the order of the file."""
        rows = [RejectedRow(line, reason) for reason, lines in self.lines.items() for line in lines]
        return sorted(rows, key=lambda row: row.line)

    def more(self) -> dict[str, int]:
        """By reason, how many there are besides."""
        return {reason: count - SHOWN_LINES for reason, count in self.counts.items() if count > SHOWN_LINES}


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of a table."""

    rows: int
    """Rows of which something is in the index."""
    terms: int
    """Forms of values."""
    rejections: Rejections
    description: dict[str, Any]
    """What `TenantIndex.description` will say."""


def build_index(
    csv_path: Path,
    index_path: Path,
    key: bytes,
    *,
    layout: TableLayout | None = None,
    subject: str | None = None,
    region: str | None = None,
) -> BuildReport:
    """Make an index of the customers in a CSV file.

    Args:
        csv_path: UTF-8 with a header; comma, semicolon or tab. Cells may hold several values, separated by `;` or `|`.
        index_path: written whole or not at all.
        key: 16 bytes or more; the same key loads the index.
        layout: what the columns are; by default the YAML file of the same name beside the CSV, if there is one.
        subject: the column that findings name, in place of the layout's.
        region: the country of phone numbers without a country code, in place of the layout's.

    Raises:
        ConfigError: the table or its layout cannot be used, or the index not be written.
    """
    table = CustomerTable(csv_path)
    chosen = read_layout(csv_path) if layout is None else layout
    chosen = chosen.model_copy(
        update={name: value for name, value in (("subject", subject), ("region", region)) if value}
    )
    plan = make_plan(table, chosen)
    builder = _Builder(KeyedHashes(key, os.urandom(SALT_BYTES)), plan, chosen.ignored_values)
    for line, cells in table.rows():
        if len(cells) != len(table.header):
            builder.rejections.add(line, f"has {len(cells)} cells where the header has {len(table.header)}")
        else:
            builder.add(line, cells)
    if not builder.rows:
        raise ConfigError(csv_path, None, "no row has a value that can be looked for", _why(builder.rejections))
    if builder.terms > MAX_CELLS:
        raise ConfigError(csv_path, None, f"has more than {MAX_CELLS} values", "Leave columns or customers out.")
    return builder.write(index_path)


def read_layout(csv_path: Path) -> TableLayout:
    """The layout beside a CSV file; the default one if there is none.

    Raises:
        ConfigError: there is a mistake in it.
    """
    path = csv_path.with_suffix(LAYOUT_SUFFIX)
    return load(path, TableLayout) if path.is_file() else TableLayout()


def _why(rejections: Rejections) -> str:
    reasons = "; ".join(reason for reason, _ in rejections.counts.most_common(3))
    return f"Refused: {reasons}." if reasons else "The file has a header and nothing else."


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What findings call the customers, as sections of the file."""

    count: int
    sections: dict[str, Any]


class _Builder:
    """Takes rows; then writes the index."""

    def __init__(self, hashes: KeyedHashes, plan: Plan, ignored_values: Sequence[str]) -> None:
        self.rejections = Rejections()
        self.rows = 0
        self._hashes = hashes
        self._filter_hash = FilterHash(hashes.filter_parameters())
        self._plan = plan
        self._ignored = {
            term.form for value in ignored_values for kind in FACTS for term in terms_of(kind, value, plan.region)[0]
        }
        self._digests = bytearray()
        self._columns = bytearray()
        self._digits = bytearray()
        """Of each term, how many digits it has if it is a number."""
        self._row_ends = array.array("I")
        self._lines = array.array("I")
        self._labels = bytearray()
        self._label_ends = array.array("Q")
        self._label_hashes = array.array("q")
        self._strings: list[str] = []
        self._bags: list[tuple[str, ...]] = []
        self._beginnings: set[str] = set()
        self._filter_hashes: list[Numbers] = []
        self._beginning_hashes: list[Numbers] = []
        self._shapes: dict[Shape, set[int]] = {shape: set() for shape in Shape}
        """Of each shape, in how many words its terms stand."""
        self._taken = [0] * len(plan.columns)
        self._refused = [0] * len(plan.columns)

    @property
    def terms(self) -> int:
        """So far."""
        return len(self._columns)

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Take a row."""
        before = self.terms
        rejected = False
        for number, column in enumerate(self._plan.columns):
            for value in column.values(cells):
                terms, problem = terms_of(column.kind, value, self._plan.region)
                if self._ignored and any(term.form in self._ignored for term in terms):
                    rejected = True
                    self.rejections.add(line, f"{column.name}: one of the ignored values")
                elif terms:
                    self._taken[number] += 1
                    for term in terms:
                        self._add_term(number, term)
                else:
                    self._refused[number] += 1
                    rejected = True
                    self.rejections.add(line, f"{column.name}: {problem}")
        if self.terms == before:
            if not rejected:
                self.rejections.add(line, "nothing to look for in it")
            return
        self.rows += 1
        self._row_ends.append(self.terms)
        if self._plan.subject is None:
            self._lines.append(line)
        else:
            label = cells[self._plan.subject].strip() or f"row {line}"
            self._label_hashes.append(hash(label))
            self._labels += label.encode("utf-8", "surrogatepass")
            self._label_ends.append(len(self._labels))

    def _add_term(self, column: int, term: Term) -> None:
        self._digests += self._hashes.digest(term.form)
        self._columns.append(column)
        self._digits.append(len(term.form) if term.form.isdecimal() else 0)
        self._shapes[term.shape].add(term.words)
        if term.bag:
            self._bags.append(term.bag)
        elif term.letters:
            self._strings.append(term.letters)
        if term.beginning:
            self._beginnings.add(term.beginning)
        if len(self._strings) + len(self._bags) >= _PORTION:
            self._sift()

    def _sift(self) -> None:
        if self._strings:
            self._filter_hashes.append(self._filter_hash.strings(self._strings))
        if self._bags:
            self._filter_hashes.append(self._filter_hash.bags(self._bags))
        if self._beginnings:
            self._beginning_hashes.append(self._filter_hash.strings(self._beginnings))
        self._beginnings.clear()
        self._strings.clear()
        self._bags.clear()

    def write(self, path: Path) -> BuildReport:
        """Sort everything and write it."""
        self._sift()
        bits = BloomFilter.fill(self._filter_hash, _distinct(self._filter_hashes))
        beginnings = BloomFilter.fill_beginnings(self._filter_hash, _distinct(self._beginning_hashes))
        halves = as_halves(self._digests)
        digests, confirmations = halves[:, 0].copy(), halves[:, 1].copy()
        # The array lends its memory from the digests, which can be let go after it only.
        del halves
        self._digests.clear()
        columns = np.frombuffer(bytes(self._columns), np.uint8)
        notes = self._numbers_too_dense(digests, columns)
        described = [self._described(number, column, notes) for number, column in enumerate(self._plan.columns)]
        anchors = np.array([column["anchor"] for column in described], np.bool_)[columns]
        cells = np.flatnonzero(anchors).astype(np.uint32)
        directory = TermDirectory.build(digests[cells], columns[cells], cells, MAX_ROWS_OF_A_VALUE)
        subjects = self._subjects()
        description = {
            "rows": self.rows,
            "terms": self.terms,
            "tenants": subjects.count,
            "columns": described,
            "rule": self._plan.rule.model_dump(),
            "subject": self._plan.subject_name or None,
            "region": self._plan.region,
            "unused": self._plan.unused,
            "rejected": dict(self.rejections.counts),
            "shapes": {shape: sorted(words) for shape, words in self._shapes.items()},
        }
        sections = {
            "sieve": np.frombuffer(self._hashes.crypt("sieve", memoryview(bits)), np.uint8),
            "beginnings": np.frombuffer(self._hashes.crypt("beginnings", memoryview(beginnings)), np.uint8),
            "buckets": directory.buckets,
            "keys": directory.keys,
            "references": directory.references,
            "confirmations": confirmations,
            "columns": columns,
            "row_begins": np.concatenate([np.zeros(1, np.uint32), np.array(self._row_ends, np.uint32)]),
            **subjects.sections,
        }
        write_index_file(path, self._hashes, description, sections)
        return BuildReport(self.rows, self.terms, self.rejections, description)

    def _numbers_too_dense(self, digests: Numbers, columns: np.ndarray) -> dict[int, str]:
        """By column of ids, why its values are no findings by themselves."""
        notes: dict[int, str] = {}
        digits = np.frombuffer(bytes(self._digits), np.uint8)
        for number, column in enumerate(self._plan.columns):
            if column.kind is not ColumnKind.ID or not column.alone:
                continue
            for length in range(MIN_NUMBER_LENGTH, 12):
                count = len(np.unique(digests[(columns == number) & (digits == length)]))
                share = count / (9 * 10 ** (length - 1))
                if share > MAX_NUMBERS:
                    notes[number] = f"one in {max(1, round(1 / share))} of all numbers of {length} digits is in it"
                    break
        return notes

    def _described(self, number: int, column: Column, notes: dict[int, str]) -> dict[str, Any]:
        note = notes.get(number, "")
        stated = column.why == "stated"
        return {
            **{name: value for name, value in asdict(column).items() if name != "sources"},
            "alone": column.alone and (stated or not note),
            "anchor": column.anchor,
            "note": note,
            "values": self._taken[number],
            "refused": self._refused[number],
        }

    def _subjects(self) -> _Subjects:
        if self._plan.subject is None:
            return _Subjects(self.rows, {"lines": np.array(self._lines, np.uint32)})
        _, firsts, inverse = np.unique(np.array(self._label_hashes), return_index=True, return_inverse=True)
        ends = np.array(self._label_ends, np.uint64)
        begins = np.concatenate([np.zeros(1, np.uint64), ends[:-1]])
        labels = bytearray()
        label_ends = np.zeros(len(firsts), np.uint64)
        for number, first in enumerate(firsts.tolist()):
            labels += self._labels[int(begins[first]) : int(ends[first])]
            label_ends[number] = len(labels)
        return _Subjects(
            len(firsts),
            {
                "subjects": inverse.astype(np.uint32),
                "label_ends": label_ends,
                "labels": np.frombuffer(self._hashes.crypt("labels", bytes(labels)), np.uint8),
            },
        )


def _distinct(portions: list[Numbers]) -> Numbers:
    """The distinct hashes, in as little memory as there can be: there may be hundreds of millions. Empties the list."""
    hashes = np.concatenate([np.zeros(0, np.uint64), *portions])
    portions.clear()
    hashes.sort()
    new = np.ones(len(hashes), np.bool_)
    new[1:] = hashes[1:] != hashes[:-1]
    return np.asarray(hashes[new], np.uint64)
