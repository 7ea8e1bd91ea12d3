"""`promptguard prepare`: what a first start would do, done before."""

from __future__ import annotations

from pathlib import Path

import click

from promptguard.commands.support.options import folders


@click.command("prepare")
@folders
def command(config: Path, data: Path) -> None:
    """Compile the patterns, so that the first start need not; where `rampart` looks for names, convert that too.

    Kept beside the installed packages, for all installations of this environment. An update, a changed recognizer or
    another kind of processor makes it useless, not harmful. `make run` and the image have done it.
    """
    from promptguard.configuration.bundle import load_bundle
    from promptguard.runtime.prepared import prepare, prepared_folder

    prepare(load_bundle(config), prepared_folder())
    size = sum(file.stat().st_size for file in prepared_folder().iterdir())
    click.echo(f"{prepared_folder()}: {size / 1e6:.0f} MB")
