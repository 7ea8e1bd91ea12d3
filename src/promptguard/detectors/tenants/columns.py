"""Which column of a table is what: as the company says, else by the header, else by the values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from promptguard.detectors.tenants.folding import words_of
from promptguard.detectors.tenants.kinds import ALIAS_HEADERS, AMBIGUOUS_HEADERS, FACTS, HEADERS, UNIQUE, ColumnKind
from promptguard.detectors.tenants.layout import RuleLayout, TableLayout
from promptguard.detectors.tenants.normal_forms import terms_of, without_legal_form
from promptguard.detectors.tenants.table import CustomerTable
from promptguard.errors import ConfigError
from promptguard.typed_yaml.mistakes import suggestion

SAMPLE_ROWS = 4_000
"""Rows, from all over the table, that are looked at before the index is built; up to twice as many."""
MAX_COLUMNS = 32
"""Columns that are looked for; other products have the same limit."""
_LIKE_A_KIND = 0.9
"""Share of values that must fit before a column is taken by its values alone."""
_USABLE = 0.5
"""Share of values that must be usable before a column that the company names is."""
_ENOUGH_VALUES = 100
"""Values from which on it can be said that too many are equal."""
_MAX_EQUAL = 0.5
"""Share of rows that may have the same value: more, and the value says nothing."""

_FEWEST_DIGITS = 3
"""Digits of a customer's number."""

_SPLIT = re.compile(r"[;|]")
_WHOLE_CELL = frozenset({ColumnKind.ADDRESS, ColumnKind.TEXT})
"""Kinds whose cells hold one value, with any signs in it."""
_OF_PERSONS = frozenset({ColumnKind.EMAIL, ColumnKind.PHONE, ColumnKind.DATE, ColumnKind.ADDRESS})
_TOLD_BY_VALUES = (ColumnKind.EMAIL, ColumnKind.DATE, ColumnKind.PHONE, ColumnKind.DOMAIN)
"""Kinds that values alone tell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the index: one of the table, or given and family names as one."""

    name: str
    kind: ColumnKind
    alone: bool
    sources: tuple[int, ...]
    """Columns of the table, counted from 0."""
    why: str
    """How it is known what the column holds: `stated`, `header` or `values`."""
    distinct: float = 1.0
    """Share of different values among those of the sample; 1 where each is unique."""
    anchor: bool = True
    """Whether a row is recognised by this column, or only confirmed by it."""

    def values(self, cells: Sequence[str]) -> list[str]:
        """What a row holds in this column."""
        if len(self.sources) > 1:
            parts = [cells[source].strip() for source in self.sources]
            return [" ".join(parts)] if all(parts) else []
        cell = cells[self.sources[0]]
        if self.kind in _WHOLE_CELL:
            return [cell] if cell.strip() else []
        if ";" not in cell and "|" not in cell:
            return [cell] if cell.strip() else []
        return [value for value in _SPLIT.split(cell) if value.strip()]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table becomes an index."""

    columns: tuple[Column, ...]
    subject: int | None
    """The table's column that says what findings call the customer; None for the number of the line."""
    subject_name: str
    """Its heading; empty for the number of the line."""
    rule: RuleLayout
    region: str | None
    unused: tuple[tuple[str, str], ...]
    """Columns of the table that are not looked for, and why."""


def make_plan(table: CustomerTable, layout: TableLayout) -> Plan:
    """Decide what each column is, and see that it can be looked for.

    Raises:
        ConfigError: there is nothing to look for, the layout names a column that there is not, or a column that it
            names is of no use: too short values, too many equal ones.
    """
    rows = _sample(table)
    _check_names(table, layout)
    kinds, reasons = _kinds(table, layout, rows)
    columns: list[Column] = []
    unused = [(name, "not recognised") for name, kind in zip(table.header, kinds, strict=True) if kind is None]
    for column in _columns(table, layout, kinds, reasons):
        problem, distinct = _usability(column, rows, layout.region)
        if problem and column.why == "stated":
            raise ConfigError(
                table.path,
                table.header_line,
                f"column ‘{column.name}’ cannot be used as {column.kind}: {problem}",
                "Give the column another kind, or `ignore`.",
            )
        if problem:
            unused.append((column.name, problem))
        else:
            columns.append(replace(column, distinct=distinct))
    if not columns:
        raise ConfigError(
            table.path,
            table.header_line,
            "no column can be looked for",
            "The first row names the columns, for example: tenant,company,customer id,domain,person,email. "
            + " ".join(f"‘{name}’: {problem}." for name, problem in unused[:10]),
        )
    if len(columns) > MAX_COLUMNS:
        raise ConfigError(
            table.path, table.header_line, f"more than {MAX_COLUMNS} columns to look for", "Set some to `ignore`."
        )
    _check_rule(table, layout.rule, columns)
    subject = _subject(table, layout, kinds)
    return Plan(
        columns=tuple(_with_anchors(columns, layout.rule)),
        subject=subject,
        subject_name="" if subject is None else table.header[subject],
        rule=layout.rule,
        region=layout.region,
        unused=tuple(unused),
    )


def _sample(table: CustomerTable) -> list[list[str]]:
    """Rows from all over the table: one that is sorted begins with a single customer."""
    rows: list[list[str]] = []
    step = 1
    for number, (_, cells) in enumerate(table.rows()):
        if number % step == 0 and len(cells) == len(table.header):
            rows.append(cells)
            if len(rows) >= 2 * SAMPLE_ROWS:
                rows = rows[::2]
                step *= 2
    return rows


def _check_names(table: CustomerTable, layout: TableLayout) -> None:
    named = [*layout.columns, *([layout.subject] if layout.subject else [])]
    for name in named:
        if name not in table.header:
            raise ConfigError(
                table.path,
                table.header_line,
                f"there is no column ‘{name}’",
                suggestion(name, table.header, noun="columns"),
            )


def _kinds(
    table: CustomerTable, layout: TableLayout, rows: Sequence[Sequence[str]]
) -> tuple[list[ColumnKind | None], list[str]]:
    """What each column of the table holds, None where nobody knows, and how it is known."""
    kinds: list[ColumnKind | None] = []
    reasons: list[str] = []
    headers = [" ".join(words_of(name)) for name in table.header]
    for index, (name, header) in enumerate(zip(table.header, headers, strict=True)):
        by_header = next((kind for kind, names in HEADERS.items() if header in names), None)
        if name in layout.columns:
            kinds.append(layout.columns[name].kind)
            reasons.append("stated")
        elif by_header:
            kinds.append(by_header)
            reasons.append("header")
        else:
            kinds.append(_by_values([cells[index] for cells in rows], layout.region))
            reasons.append("values")
    for index, header in enumerate(headers):
        if header in AMBIGUOUS_HEADERS and reasons[index] == "header":
            others = {
                kind for other, kind in enumerate(kinds) if other != index and headers[other] not in ALIAS_HEADERS
            }
            values = [cells[index] for cells in rows]
            kinds[index] = _company_person_or_id(header, values, others)
            reasons[index] = "header and values"
    return kinds, reasons


def _by_values(values: Sequence[str], region: str | None) -> ColumnKind | None:
    filled = [value for value in values if value.strip()][:500]
    for kind in _TOLD_BY_VALUES if len(filled) >= 5 else ():
        # A bare number is a phone number only where the header says so.
        if kind is ColumnKind.PHONE and not all(value.strip().startswith(("+", "00")) for value in filled):
            continue
        if sum(bool(terms_of(kind, value, region)[0]) for value in filled) >= _LIKE_A_KIND * len(filled):
            return kind
    return None


def _company_person_or_id(header: str, values: Sequence[str], others: set[ColumnKind | None]) -> ColumnKind:
    if header == "nom" and ColumnKind.GIVEN_NAME in others:
        return ColumnKind.FAMILY_NAME
    filled = [words_of(value) for value in values if value.strip()]
    if filled and sum(map(_is_number, filled)) >= _LIKE_A_KIND * len(filled):
        return ColumnKind.ID
    with_form = sum(len(without_legal_form(words)) < len(words) for words in filled)
    like_person = sum(len(words) in (2, 3) and "".join(words).isalpha() for words in filled)
    if ColumnKind.COMPANY in others and ColumnKind.PERSON not in others and with_form < 0.1 * len(filled):
        return ColumnKind.PERSON
    is_person = like_person >= _LIKE_A_KIND * len(filled) and with_form < 0.05 * len(filled) and others & _OF_PERSONS
    return ColumnKind.PERSON if filled and is_person else ColumnKind.COMPANY


def _is_number(words: Sequence[str]) -> bool:
    """Whether these are a customer's number, such as `C-1001`, and no name with a number in it."""
    code = "".join(words)
    digits = sum(map(str.isdecimal, code))
    return digits >= _FEWEST_DIGITS and digits > len(code) - digits


def _columns(
    table: CustomerTable, layout: TableLayout, kinds: Sequence[ColumnKind | None], reasons: Sequence[str]
) -> list[Column]:
    columns: list[Column] = []
    given = [index for index, kind in enumerate(kinds) if kind is ColumnKind.GIVEN_NAME][:1]
    for index, kind in enumerate(kinds):
        name = table.header[index]
        stated = layout.columns.get(name)
        sources: tuple[int, ...] = (index,)
        if kind is ColumnKind.FAMILY_NAME and given:
            sources = (given[0], index)
            name = f"{table.header[given[0]]} + {name}"
            kind = ColumnKind.PERSON
        if kind is None or kind not in FACTS:
            continue
        alone = FACTS[kind].alone if stated is None or stated.alone is None else stated.alone
        columns.append(Column(name, kind, alone, sources, reasons[index]))
    return columns


def _usability(column: Column, rows: Sequence[Sequence[str]], region: str | None) -> tuple[str, float]:
    """Why a column is of no use, if it is; and the share of different values."""
    total, usable = 0, 0
    problems: dict[str, int] = {}
    counts: dict[str, int] = {}
    for cells in rows:
        for value in column.values(cells):
            total += 1
            terms, problem = terms_of(column.kind, value, region)
            if terms:
                usable += 1
                counts[terms[0].form] = counts.get(terms[0].form, 0) + 1
            else:
                problems[problem] = problems.get(problem, 0) + 1
    if not total:
        return ("", 1.0) if not rows else ("no values", 0.0)
    if usable < _USABLE * total and (column.why != "header" or not usable):
        worst = max(problems, key=problems.__getitem__)
        return f"{total - usable} of {total} values cannot be used: {worst}", 0.0
    most = max(counts.values())
    if usable >= _ENOUGH_VALUES and most > _MAX_EQUAL * usable:
        return f"{most} of {usable} values are equal", 0.0
    return "", len(counts) / usable


def _check_rule(table: CustomerTable, rule: RuleLayout, columns: Sequence[Column]) -> None:
    names = {column.name for column in columns}
    for name in itertools.chain(rule.mandatory, *rule.exceptions):
        if name not in names:
            raise ConfigError(
                table.path,
                table.header_line,
                f"the rule names ‘{name}’, which is no column that is looked for",
                suggestion(name, sorted(names), noun="columns"),
            )
    if rule.at_least is not None and rule.at_least > len(columns):
        raise ConfigError(
            table.path,
            table.header_line,
            f"the rule asks for {rule.at_least} columns of {len(columns)}",
            "Make `rule.at_least` smaller, or name more columns.",
        )


def _with_anchors(columns: Sequence[Column], rule: RuleLayout) -> list[Column]:
    """Choose by which columns rows are recognised; each of the others costs no place in the directory.

    A mandatory column is in every match. Else, of any `at_least` columns one is among the others if fewer than
    `at_least` are left out: those that say least.
    """
    possible = [column for column in columns if column.kind is not ColumnKind.DATE]
    mandatory = [column for column in possible if column.name in rule.mandatory]
    if mandatory:
        anchors = {max(mandatory, key=lambda column: column.distinct).name}
    else:
        spare = max(0, (rule.at_least or min(2, len(columns))) - 1 - (len(columns) - len(possible)))
        # Where one unique value counts by itself, no column of them can be left out.
        optional = [column for column in possible if rule.at_least or column.kind not in UNIQUE]
        left_out = sorted(optional, key=lambda column: column.distinct)[:spare]
        anchors = {column.name for column in possible if column not in left_out}
    return [replace(column, anchor=column.alone or column.name in anchors) for column in columns]


def _subject(table: CustomerTable, layout: TableLayout, kinds: Sequence[ColumnKind | None]) -> int | None:
    if layout.subject:
        return table.header.index(layout.subject)
    for wanted in (ColumnKind.SUBJECT, ColumnKind.ID):
        if wanted in kinds:
            return kinds.index(wanted)
    return None
