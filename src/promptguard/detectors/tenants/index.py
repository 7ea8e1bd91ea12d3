"""Which values belong to which customer, held as keyed hashes only, and where a text has them."""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from promptguard.detectors.tenants import contexts
from promptguard.detectors.tenants.bloom_filter import BloomFilter
from promptguard.detectors.tenants.dates import dates_in
from promptguard.detectors.tenants.directory import TermDirectory
from promptguard.detectors.tenants.filter_hash import FilterHash
from promptguard.detectors.tenants.folding import Tokens, tokenise, warm_up, words_of
from promptguard.detectors.tenants.index_file import IndexFile, read_index_file
from promptguard.detectors.tenants.keyed_hashes import as_halves
from promptguard.detectors.tenants.kinds import FACTS, ColumnKind
from promptguard.detectors.tenants.matching import IndexedColumn, MatchingRule, Occurrence, by_span
from promptguard.detectors.tenants.portions import APART, OVERLAP, pieces, together
from promptguard.detectors.tenants.terms import (
    Shape,
    code_form,
    person_form,
    words_form,
)
from promptguard.model import DataClass, Match

_GROUPED = frozenset({ColumnKind.ID, ColumnKind.PHONE})
"""Kinds whose values may be written in groups."""
DETECTOR = "TenantDetector"


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a run of words that passed the filter."""

    start: int
    end: int
    word: int
    words: int
    form: str
    joined: bool = False
    """Whether the form does without the spaces between the words."""


@dataclass(slots=True)
class _Found:
    """What of the index stands in a text, before the rule."""

    alone: dict[tuple[int, int], tuple[int, Occurrence]]
    """By stretch of text: the row and the value."""
    rows: dict[int, list[Occurrence]]
    """By row that was recognised."""
    loose: dict[int, list[_Form]]
    """By value: what may belong to a row that was recognised by something else."""


class TenantIndex:
    """The customers of one index file. `load` one, or make one with `build_index`."""

    def __init__(self, file: IndexFile | None) -> None:
        """Take a file that was read; None for an index of no customers."""
        self._file = file
        self.version = file.tag.hex()[:16] if file else ""
        """Changes with the index."""
        if not file:
            return
        described, sections = file.description, file.sections
        self._hashes = file.hashes
        self._columns = tuple(
            IndexedColumn(column["name"], ColumnKind(column["kind"]), column["alone"])
            for column in described["columns"]
        )
        self._rule = MatchingRule.of(self._columns, described["rule"])
        shapes = {Shape(shape): words for shape, words in described["shapes"].items()}
        beginnings = self._decrypted("beginnings") if "beginnings" in sections else None
        self._filter = BloomFilter(
            FilterHash(file.hashes.filter_parameters()), self._decrypted("sieve"), shapes, beginnings
        )
        self._directory = TermDirectory(sections["buckets"], sections["keys"], sections["references"])
        self._confirmations = sections["confirmations"]
        self._cell_columns = sections["columns"]
        self._row_begins = sections["row_begins"]
        self._has_dates = any(column.kind is ColumnKind.DATE for column in self._columns)

    def _decrypted(self, section: str) -> np.ndarray:
        """All of one section of the file."""
        assert self._file
        return np.frombuffer(self._hashes.crypt(section, memoryview(self._file.sections[section])), np.uint8)

    @classmethod
    def load(cls, path: Path, key: bytes) -> TenantIndex:
        """Read an index that was made with the same key.

        Raises:
            ConfigError: the file cannot be read, is damaged, or was made with another key.
        """
        warm_up()
        return cls(read_index_file(path, key))

    def __len__(self) -> int:
        """The number of forms of values."""
        return len(self._cell_columns) if self._file else 0

    @property
    def tenants(self) -> int:
        """How many customers findings can name."""
        return int(self._file.description["tenants"]) if self._file else 0

    @property
    def description(self) -> Mapping[str, Any]:
        """What the index was made of: counts, columns, rule. No values."""
        return self._file.description if self._file else {}

    def find(self, text: str) -> list[Match]:
        """What of the customers stands in a text, in its order, without overlaps."""
        if not self._file or not text:
            return []
        starts: list[np.ndarray] = []
        forms = list(self._forms(text, starts))
        return self._matches(text, forms, starts)

    def find_each(self, texts: Sequence[str]) -> list[list[Match]]:
        """What `find` finds in each of some texts, in less time where they are small."""
        found: list[list[Match]] = [[] for _ in texts]
        for group in together(texts) if self._file else ():
            if len(group) == 1:
                found[group[0]] = self.find(texts[group[0]])
            else:
                for index, matches in self._find_together({index: texts[index] for index in group}):
                    found[index] = matches
        return found

    def _find_together(self, texts: Mapping[int, str]) -> Iterator[tuple[int, list[Match]]]:
        """The matches in those of some texts in ASCII that have any candidates, each with the text's index."""
        tokens = tokenise(APART.join(texts.values()))
        indexes = list(texts)
        begins = [0, *itertools.accumulate(len(text) + len(APART) for text in texts.values())]
        words = np.searchsorted(tokens.starts, begins).tolist()
        forms: dict[int, list[_Form]] = defaultdict(list)
        for first, count in self._filter.candidates(tokens):
            # Of texts without words, which begin with the same one, the last is the text that it stands in.
            number = bisect.bisect_right(words, first) - 1
            text = texts[indexes[number]]
            forms[number].extend(self._forms_of_run(text, -begins[number], tokens, first, count, -words[number]))
        for number, found in forms.items():
            starts = tokens.starts[words[number] : words[number + 1]] - begins[number]
            yield indexes[number], self._matches(texts[indexes[number]], found, [starts])

    def _matches(self, text: str, forms: list[_Form], starts: list[np.ndarray]) -> list[Match]:
        """What the forms of a text's runs of words come to; `starts` as in `_forms`."""
        if not forms:
            return []
        found = self._look_up(text, forms)
        if found.rows:
            self._complete_rows(text, found, starts)
        matches = dict(found.alone)
        for span, (row, occurrence) in by_span(self._rule.select(found.rows)).items():
            # What is found as part of a row names the customer better than a value that others may have too.
            matches[span] = (row, occurrence)
        return self._without_overlaps(matches)

    def _forms(self, text: str, starts: list[np.ndarray]) -> Iterator[_Form]:
        """Forms of all runs of words that pass the filter; `starts` gets the offsets of all words."""
        before = 0
        for begin, end in pieces(text):
            tokens = tokenise(text[begin : end + OVERLAP] if begin or end < len(text) else text)
            own = len(tokens) if end == len(text) else int(np.searchsorted(tokens.starts, end - begin))
            for first, count in self._filter.candidates(tokens):
                if first < own:
                    yield from self._forms_of_run(text, begin, tokens, first, count, before)
            if self._has_dates:
                starts.append(tokens.starts[:own] + begin)
            before += own

    def _forms_of_run(
        self, text: str, begin: int, tokens: Tokens, first: int, count: int, before: int
    ) -> Iterator[_Form]:
        words_count = abs(count)
        start, end = begin + int(tokens.starts[first]), begin + int(tokens.ends[first + words_count - 1])
        raw = text[start:end]
        words = words_of(raw)
        if len(words) != words_count:
            return
        if count < 0:
            forms = [(person_form(words), False)] if contexts.is_one_paragraph(raw) else []
        elif count == 1:
            forms = [(code_form(words), False)]
        else:
            forms = [(words_form(words), False)] if contexts.is_one_paragraph(raw) else []
            if contexts.is_grouped(raw):
                forms.append((code_form(words), True))
            if as_written := contexts.verbatim(raw):
                forms.append((as_written, False))
        for form, joined in forms:
            yield _Form(start, end, before + first, words_count, form, joined)

    def _look_up(self, text: str, forms: list[_Form]) -> _Found:
        found = _Found({}, defaultdict(list), defaultdict(list))
        if not forms:
            return found
        halves = as_halves(b"".join(self._hashes.digest(form.form) for form in forms))
        known: set[int] = set()
        for index, place in zip(*(each.tolist() for each in self._directory.find(halves[:, 0])), strict=True):
            cell, shared = self._directory.cell(place)
            value = int(halves[index, 1])
            if int(self._confirmations[cell]) != value:
                continue
            column = int(self._cell_columns[cell])
            occurrence = self._occurrence(text, forms[index], column, value)
            if occurrence is None:
                continue
            # A number of another type would have numpy copy the whole array.
            row = int(np.searchsorted(self._row_begins, np.uint32(cell), "right")) - 1
            if self._columns[column].alone:
                span = occurrence.start, occurrence.end
                if span not in found.alone or row < found.alone[span][0]:
                    found.alone[span] = row, occurrence
            if not shared:
                known.add(index)
                found.rows[row].append(occurrence)
        for index, form in enumerate(forms):
            if index not in known:
                found.loose[int(halves[index, 1])].append(form)
        return found

    def _occurrence(self, text: str, form: _Form, column: int, value: int) -> Occurrence | None:
        """A value at a place of the text, if the signs around it let it be one."""
        kind = self._columns[column].kind
        if form.joined and kind not in _GROUPED:
            return None
        span = contexts.fit(kind, text, form.start, form.end)
        if span and kind is ColumnKind.PHONE:
            span = self._phone(text, form.start, form.end)
        if span is None:
            return None
        return Occurrence(*span, form.word, form.words, column, value)

    def _phone(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """A phone number with its country code, if it has one and that is right."""
        prefix = contexts.phone_prefix(text, start, end)
        if prefix is None:
            return start - (start > 0 and text[start - 1] == "+"), end
        first, form = prefix
        digest, confirmation = as_halves(self._hashes.digest(form)).tolist()[0]
        cells = (self._directory.cell(place)[0] for place in self._directory.find_one(digest))
        return (first, end) if any(int(self._confirmations[cell]) == confirmation for cell in cells) else None

    def _complete_rows(self, text: str, found: _Found, starts: list[np.ndarray]) -> None:
        """Add to each row what was recognised of it what else of it stands in the text."""
        if self._has_dates:
            self._add_dates(text, found, np.concatenate(starts))
        rows = np.array(sorted(found.rows), np.int64)
        begins = self._row_begins[rows].astype(np.int64)
        sizes = self._row_begins[rows + 1].astype(np.int64) - begins
        places = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        wanted = np.fromiter(found.loose, np.uint64, len(found.loose))
        hits = np.flatnonzero(np.isin(self._confirmations[places], wanted))
        owners = np.repeat(rows, sizes)
        for hit in hits.tolist():
            place, row = int(places[hit]), int(owners[hit])
            column, value = int(self._cell_columns[place]), int(self._confirmations[place])
            for form in found.loose[value]:
                occurrence = self._occurrence(text, form, column, value)
                if occurrence:
                    found.rows[row].append(occurrence)

    def _add_dates(self, text: str, found: _Found, starts: np.ndarray) -> None:
        for start, end, form in dates_in(text):
            value = int(as_halves(self._hashes.digest(form))[0, 1])
            word = int(np.searchsorted(starts, start))
            found.loose[value].append(_Form(start, end, word, 1, form))

    def _without_overlaps(self, matches: Mapping[tuple[int, int], tuple[int, Occurrence]]) -> list[Match]:
        """The longest, and of those that overlap it none."""
        kept: list[tuple[int, int]] = []
        for span in sorted(matches, key=lambda span: (span[0] - span[1], span[0])):
            index = bisect.bisect_left(kept, span)
            if (index and kept[index - 1][1] > span[0]) or (index < len(kept) and kept[index][0] < span[1]):
                continue
            kept.insert(index, span)
        subjects = {row: self.subject(row) for row in dict.fromkeys(matches[span][0] for span in kept)}
        return [self._match(span, matches[span][1], subjects[matches[span][0]]) for span in kept]

    def _match(self, span: tuple[int, int], occurrence: Occurrence, subject: str) -> Match:
        column = self._columns[occurrence.column]
        return Match(
            *span,
            FACTS[column.kind].entity_type,
            column.score(occurrence.words),
            DETECTOR,
            DataClass.TENANT_DATA,
            subject,
        )

    def subject(self, row: int) -> str:
        """What findings call the customer of a row."""
        assert self._file
        sections = self._file.sections
        if "lines" in sections:
            return f"row {int(sections['lines'][row])}"
        number = int(sections["subjects"][row])
        begin = int(sections["label_ends"][number - 1]) if number else 0
        end = int(sections["label_ends"][number])
        label = self._hashes.crypt("labels", sections["labels"][begin:end].tobytes(), begin)
        return label.decode("utf-8", "replace")
