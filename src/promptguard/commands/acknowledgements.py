"""`promptguard acknowledgements`: who has acknowledged the company's AI policy, as evidence."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click

from promptguard.commands.support.options import Group, folders, format_option, print_json

_COLUMNS = (
    "pseudonym",
    "identity_class",
    "document",
    "version",
    "sha256",
    "time",
    "until",
    "client",
    "state",
    "criteria",
)


@click.group("acknowledgements", cls=Group)
def command() -> None:
    """See who has acknowledged the AI policy, by pseudonyms, and take it away as evidence."""


@command.command("list")
@folders
@format_option
@click.option("--all", "everything", is_flag=True, help="Also what was changed, has lapsed, or is of another version.")
def list_(config: Path, data: Path, form: str, everything: bool) -> None:
    """List what counts now, one a line."""
    found = [each for each in _rows(config, data) if everything or each["state"] == "counts"]
    for each in found:
        if form == "json":
            print_json(each)
            continue
        click.echo(
            f"{each['time'][:10]}  {each['pseudonym']}  {each['identity_class']}  {each['document']} "
            f"{each['version']}  {each['state']} until {each['until'][:10]}"
        )
    if not found and form == "text":
        click.echo("Nobody has acknowledged anything that counts now.")


@command.command("export")
@folders
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True, help="How.")
def export(config: Path, data: Path, form: str) -> None:
    """Write all of them to standard output, each with the criteria that it is evidence for (SOC 2 CC1.1, CC1.4)."""
    rows = _rows(config, data)
    if form == "jsonl":
        for each in rows:
            print_json(each)
        return
    writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**each, "criteria": "; ".join(each["criteria"])} for each in rows)


def _rows(config: Path, data: Path) -> list[dict[str, Any]]:
    from promptguard.runtime.acknowledgements import acknowledgement_rows

    return acknowledgement_rows(config, data)
