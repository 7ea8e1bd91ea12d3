"""`promptguard doctor`: is this installation sound?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, folders


@click.command("doctor")
@folders
@click.option("--quick", is_flag=True, help="Leave out the record, which takes the longer the more is recorded.")
def command(config: Path, data: Path, quick: bool) -> None:
    """Check this installation: configuration, keys, CA, record, and the running proxy."""
    from promptguard.rollout.doctor import examine

    rows = examine(config, data, quick=quick)
    for row in rows:
        click.echo(f"{row.mark} {row.subject:14} {row.sentence}")
    sys.exit(FINE if all(row.ok for row in rows) else FOUND)
