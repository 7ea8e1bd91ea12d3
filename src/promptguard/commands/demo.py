"""`promptguard demo`: prompts of real clients, redacted, restored and blocked before one's eyes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import folders


@click.command("demo")
@folders
def command(config: Path, data: Path) -> None:
    """Watch prompts of real clients being redacted, restored and blocked, against a stand-in provider."""
    try:
        from promptguard.demo.show import show
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error.name} is missing. Install promptguard[demo], or run: make demo") from None
    sys.exit(show(config))
