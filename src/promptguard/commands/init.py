"""`promptguard init`: a configuration of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from promptguard.installation.folders import own_config_folder


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def command(folder: Path | None) -> None:
    """Write out the shipped configuration, to change it: into FOLDER, or where `promptguard run` looks for it."""
    from promptguard.installation.following import write_out

    target = folder or own_config_folder()
    count = write_out(target)
    click.echo(f"{target}: {count} files. What decides is in policy.yaml, what is set in promptguard.yaml.")
    if folder is not None:
        click.echo(f"Start with it: promptguard run --config {target}")
