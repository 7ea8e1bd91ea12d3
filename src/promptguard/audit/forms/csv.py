"""CSV (RFC 4180) for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from promptguard.audit.forms.interface import Form, counts
from promptguard.audit.privacy import OutgoingRecord

COLUMNS = (
    "chain",
    "sequence",
    "time",
    "id",
    "incident",
    "action",
    "would",
    "rule",
    "reason",
    "adjusted",
    "destination",
    "destination_status",
    "host",
    "method",
    "route",
    "format",
    "purpose",
    "inspection",
    "problem",
    "uncovered_languages",
    "pseudonym",
    "groups",
    "identity_source",
    "data_classes",
    "entity_types",
    "segments",
    "characters",
    "body_bytes",
    "policy_version",
    "policy_hash",
    "ruleset_version",
    "hash",
)


class CommaSeparated(Form):
    """One line a record with findings as counts."""

    id = "csv"
    line_end = "\r\n"

    def heading(self) -> str:
        return _line(COLUMNS)

    def line(self, record: OutgoingRecord) -> str:
        row = {
            **record,
            "groups": " ".join(record["groups"]),
            "uncovered_languages": " ".join(record.get("uncovered_languages", ())),
            "data_classes": counts(record, "data_class"),
            "entity_types": counts(record, "entity_type"),
        }
        return _line(_cell(row.get(column)) for column in COLUMNS)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
