"""A company's CSV of its customers, read into a tenant index."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from promptguard.detectors.tenant_index import TenantIndex, Term, TermKind, domain_ending
from promptguard.detectors.tenant_terms import (
    domain_of,
    domain_problem,
    domain_spellings,
    id_problem,
    name_problem,
    normalise,
    tokens,
    without_legal_form,
)
from promptguard.errors import ConfigError

COLUMNS: Mapping[str, frozenset[str]] = {
    "tenant": frozenset({"tenant", "label", "tenant label"}),
    "name": frozenset(
        {"name", "names", "customer", "client", "company", "firm", "organisation", "organization", "account name",
         "customer name", "company name", "client name", "tenant name", "legal name", "full name"}
    ),
    "alias": frozenset({"alias", "aliases", "aka", "also known as", "short name", "trading name", "brand", "brands"}),
    "id": frozenset(
        {"id", "ids", "tenant id", "customer id", "client id", "company id", "account", "account id", "account number",
         "customer number", "customer no", "number", "vat", "vat id", "tax id", "contract", "contract id"}
    ),
    "domain": frozenset(
        {"domain", "domains", "website", "web site", "web", "homepage", "url", "host", "hosts", "email domain",
         "email domains"}
    ),
}  # fmt: skip
"""What a column is for, by its name in the header, in lower case and with spaces for `_` and `-`."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of the CSV, or a term in it, that the index does not hold."""

    line: int
    """Of the file, counted from 1."""
    reason: str
    """Names the column, never the value."""


def build_index(
    csv_path: Path, key: bytes, columns: Mapping[str, str] | None = None
) -> tuple[TenantIndex, list[RejectedRow]]:
    """Read customers from a CSV file with a header row (UTF-8; comma, semicolon or tab) into an index.

    Args:
        csv_path: the file. Cells may hold several values, separated by `;` or `|`.
        key: 16 bytes or more; the same key loads the index.
        columns: column name in the file to what it is (`tenant`, `name`, `alias`, `id`, `domain`); by default columns
            are recognised by their names (`COLUMNS`) and others are ignored.

    Returns:
        The index and what was left out of it. A match reports the column `tenant`, else the first id, else the line;
        never the name.

    Raises:
        ConfigError: the file cannot be read, or no column holds names, ids or domains.
    """
    rejected: list[RejectedRow] = []
    index = TenantIndex.of(_terms(csv_path, columns, rejected), key)
    return index, rejected


def _terms(path: Path, columns: Mapping[str, str] | None, rejected: list[RejectedRow]) -> Iterator[Term]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError(
            path, None, f"cannot be read: {error.strerror}", "check the path and its permissions"
        ) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(path, line, "is not UTF-8", "export the file as CSV UTF-8") from None
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        header = next(reader, [])
        roles = _roles(path, header, columns)
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) != len(header):
                    rejected.append(RejectedRow(line, f"has {len(row)} cells where the header has {len(header)}"))
                else:
                    yield from _row_terms(line, row, roles, rejected)
            line = reader.line_num + 1
    except csv.Error:
        raise ConfigError(
            path, reader.line_num, "is no well-formed CSV", "look for an unclosed quotation mark"
        ) from None


def _roles(path: Path, header: Sequence[str], columns: Mapping[str, str] | None) -> list[str]:
    """What each column is for; an empty string where it is ignored."""
    if columns is not None:
        for column, role in columns.items():
            if column not in header:
                raise ConfigError(path, 1, f"has no column {column!r}", f"it has {', '.join(header)}")
            if role not in COLUMNS:
                raise ConfigError(path, 1, f"a column cannot be {role!r}", f"one of {', '.join(COLUMNS)}")
        roles = [columns.get(name, "") for name in header]
    else:
        plain = [" ".join(normalise(name).replace("_", " ").replace("-", " ").split()) for name in header]
        roles = [next((role for role, names in COLUMNS.items() if name in names), "") for name in plain]
    if not set(roles) & {"name", "alias", "id", "domain"}:
        raise ConfigError(
            path, 1, "no column of names, ids or domains", "the first row names the columns, e.g. tenant,name,id,domain"
        )
    return roles


def _row_terms(line: int, row: Sequence[str], roles: Sequence[str], rejected: list[RejectedRow]) -> Iterator[Term]:
    cells: dict[str, list[str]] = {}
    for role, cell in zip(roles, row, strict=True):
        if role == "tenant":
            cells.setdefault(role, []).append(cell.strip())
        elif role:
            cells.setdefault(role, []).extend(
                value.strip() for value in cell.replace("|", ";").split(";") if value.strip()
            )
    tenant = next((label for label in [*cells.get("tenant", ()), *cells.get("id", ())] if label), f"row {line}")
    kept = 0
    for role, values in cells.items():
        for value in values if role != "tenant" else ():
            terms, problem = _spellings(role, value, tenant)
            if problem:
                rejected.append(RejectedRow(line, f"{role}: {problem}"))
            kept += len(terms)
            yield from terms
    if not kept and not any(row.line == line for row in rejected):
        rejected.append(RejectedRow(line, "no name, id or domain in it"))


def _spellings(role: str, value: str, tenant: str) -> tuple[list[Term], str]:
    """The terms to look for where a cell says `value`, or why there are none."""
    if role == "id":
        text = normalise(value)
        problem = id_problem(text)
        return ([] if problem else [Term(TermKind.ID, tokens(text)[0], text, tenant)]), problem
    if role == "domain":
        host = domain_of(value)
        problem = domain_problem(host)
        hosts = [] if problem else sorted(domain_spellings(host))
        return [Term(TermKind.DOMAIN, domain_ending(name.split(".")), name, tenant) for name in hosts], problem
    words = tokens(value)
    problem = name_problem(words)
    short = without_legal_form(words)
    spellings = [spelling for spelling in (words, short) if not name_problem(spelling)]
    return [Term(TermKind.NAME, words[0], " ".join(spelling), tenant) for spelling in spellings], problem
