"""`promptguard service …`: PromptGuard as a service of the operating system."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, Group


@click.group("service", cls=Group)
def command() -> None:
    """Run PromptGuard as a service of Windows. On other systems it says what does that there."""


@command.command("install")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where configuration, data and logs are. [default: PromptGuard Service, in ProgramData]",
)
def install(folder: Path | None) -> None:
    """Make the service, or bring it up to date, with folders that nobody else may read. As administrator."""
    from promptguard.system_service.managers import manager_of

    for line in manager_of().install(folder):
        click.echo(line)


@command.command("start")
def start() -> None:
    """Start the service, and return once it runs."""
    from promptguard.system_service.managers import manager_of

    manager_of().start()
    click.echo("It runs.")


@command.command("stop")
def stop() -> None:
    """Have the service finish what is under way, and end; `proxy.drain_s` bounds it."""
    from promptguard.system_service.managers import manager_of

    manager_of().stop()
    click.echo("It has ended.")


@command.command("status")
def status() -> None:
    """Say whether the service runs, as whom, and where its folders are. Status 1 where it does not run."""
    from promptguard.system_service.managers import manager_of

    found = manager_of().status()
    for line in found.lines:
        click.echo(line)
    sys.exit(FINE if found.running else FOUND)


@command.command("remove")
@click.confirmation_option(prompt="Stop the service and take it away?")
def remove() -> None:
    """Stop the service and take it away. Configuration, record, keys and CA stay."""
    from promptguard.system_service.managers import manager_of

    manager_of().remove()
    click.echo("Removed. Configuration, record, keys and CA stay.")
