"""How a list of AI services is written: Markdown, CSV, JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from promptguard.configuration.destinations import Definition
from promptguard.model import Destination

_REFERENCES: Final = ("training", "retention", "region", "contract")
COLUMNS: Final = (
    "id", "name", "kind", "status", "enabled", "hosts", "undecrypted_hosts", "format", "owner", "review_due",
    "reviewed", "trains_on_prompts", "retention_days", "region", "agreement",
    *(f"{name}_reference" for name in _REFERENCES), "defined",
)  # fmt: skip

_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_json(destination: Destination, definition: Definition) -> dict[str, Any]:
    """All that the registry says of a service."""
    return {**asdict(destination), "defined": str(definition)}


def _row(destination: Destination, definition: Definition) -> dict[str, str]:
    facts = destination.data_handling
    values = asdict(destination) | asdict(facts) | {"defined": str(definition)}
    values |= {f"{name}_reference": getattr(facts.references, name) for name in _REFERENCES}
    return {column: _cell(values[column]) for column in COLUMNS}


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return " ".join(value)
        case _:
            return str(value)


def csv_text(destinations: Sequence[Destination], definitions: Mapping[str, Definition]) -> str:
    """RFC 4180, one service a row; lists are separated by spaces. No cell is a formula for a spreadsheet program."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for each in destinations:
        row = _row(each, definitions[each.id])
        writer.writerow({name: f"'{cell}" if cell.startswith(_STARTS_FORMULA) else cell for name, cell in row.items()})
    return text.getvalue()


def markdown(destinations: Sequence[Destination], definitions: Mapping[str, Definition]) -> str:
    """One table for people."""
    lines = ["| Service | Kind | Status | Hosts | Owner | Review due | References |", "| --- " * 7 + "|"]
    for each in destinations:
        row = {name: cell.replace("|", "\\|") for name, cell in _row(each, definitions[each.id]).items()}
        nothing = "none decrypted" if each.enabled else "switched off"
        hosts = ", ".join(f"`{host}`" for host in each.hosts) or nothing
        links = [f"[{name}]({url})" for name in _REFERENCES if (url := row[f"{name}_reference"])]
        cells = (row["name"], row["kind"], row["status"], hosts, row["owner"], row["review_due"], ", ".join(links))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


TABLES: Final[Mapping[str, Callable[[Sequence[Destination], Mapping[str, Definition]], str]]] = {
    "md": markdown,
    "csv": csv_text,
}
