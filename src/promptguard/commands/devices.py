"""`promptguard devices`: what devices sign in to the proxy with."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FOUND, Group, folders, load_settings


@click.group("devices", cls=Group)
def command() -> None:
    """Give devices credentials of their own for the proxy, and take them back."""


@command.command("issue")
@folders
@click.option("--user", required=True, help="Whose device it is, as policies know the user.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="For how many days they hold.")
def issue(config: Path, data: Path, user: str, days: int) -> None:
    """Print user and password for a device, once: they are kept nowhere."""
    from promptguard.runtime.devices import issue_device

    made, until = issue_device(config, data, user, days)
    click.echo(f"user      {made.id}")
    click.echo(f"password  {made.password}")
    click.echo(f"They hold until {until:%Y-%m-%d %H:%M} UTC, or `promptguard devices revoke {made.id}`.", err=True)
    if not load_settings(config).identity.devices:
        click.echo("The proxy does not take them yet: identity.devices is not true in promptguard.yaml.", err=True)


@command.command("revoke")
@folders
@click.argument("id")
def revoke(config: Path, data: Path, id: str) -> None:
    """Have the credentials of the device ID count no more, within seconds and on open connections, too."""
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.devices import revoke_device
    from promptguard.runtime.publications import configuration_in_force

    file = revoke_device(config, id)
    click.echo(f"{id} is revoked in {file}.")
    signers = load_settings(config).configuration.signed_by
    if configuration_in_force(config, DataFolder(data), signers) != config.absolute():
        click.echo("Proxies go by what was published: `promptguard configuration publish` has them do so.", err=True)
        sys.exit(FOUND)
