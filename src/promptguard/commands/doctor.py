"""`promptguard doctor`: is this installation sound?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, folders, format_option, print_json


@click.command("doctor")
@folders
@click.option("--quick", is_flag=True, help="Leave out the record, which takes the longer the more is recorded.")
@format_option
def command(config: Path, data: Path, quick: bool, form: str) -> None:
    """Check this installation: configuration, keys, CA, record, and the running proxy."""
    from promptguard.rollout.doctor import examine

    rows = examine(config, data, quick=quick)
    if form == "json":
        print_json([{"subject": row.subject, "ok": row.ok, "sentence": row.sentence} for row in rows])
        sys.exit(FINE if all(row.ok for row in rows) else FOUND)
    for row in rows:
        click.echo(f"{row.mark} {row.subject:14} {row.sentence}")
    sys.exit(FINE if all(row.ok for row in rows) else FOUND)
