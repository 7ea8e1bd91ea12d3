"""`promptguard devices`: what devices sign in to the proxy with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import FOUND, Group, folders, load_settings
from promptguard.installation.folders import device_folder

if TYPE_CHECKING:
    from promptguard.device_sign_in.client import Waiting


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
    if not load_settings(config).identity.takes_devices:
        problem = "The proxy does not take them yet: promptguard.yaml has neither identity.devices nor identity.openid."
        click.echo(problem, err=True)


@command.command("revoke")
@folders
@click.argument("id", required=False)
@click.option("--user", help="All devices of this user, as far as they were given theirs until now.")
def revoke(config: Path, data: Path, id: str | None, user: str | None) -> None:
    """Have the credentials of the device ID count no more, within seconds and on open connections, too."""
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.devices import revoke_device, revoke_devices_of
    from promptguard.runtime.publications import configuration_in_force

    if (id is None) is (user is None):
        raise click.UsageError("Name a device by its id, or all of a user with --user.")
    file = revoke_device(config, id) if id else revoke_devices_of(config, str(user))
    click.echo(f"{id or f'What devices of {user} were given until now'} is revoked in {file}.")
    signers = load_settings(config).configuration.signed_by
    if configuration_in_force(config, DataFolder(data), signers) != config.absolute():
        click.echo("Proxies go by what was published: `promptguard configuration publish` has them do so.", err=True)
        sys.exit(FOUND)


_KEPT = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=device_folder,
    show_default="a folder of your own",
    help="Where the device keeps what it has got.",
)
_TRUSTED = click.option(
    "--ca-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Certificates (PEM) to trust in the proxy, in place of the system's.",
)


@command.command("sign-in")
@click.argument("url")
@_KEPT
@_TRUSTED
def sign_in(url: str, folder: Path, ca_file: Path | None) -> None:
    """On the device itself: sign in with the company's account at URL, such as https://proxy.corp.example:8443."""
    from promptguard.device_sign_in.client import DeviceClient
    from promptguard.device_sign_in.kept_device import VARIABLES, keep, keep_pac

    with DeviceClient(url, ca_file) as client:
        device = client.sign_in(_tell)
        keep(folder, device, url)
        click.echo(f"Signed in as {device.user}, until {device.expires_at}.")
        click.echo(f"For programs  {folder / VARIABLES} (HTTPS_PROXY, with the password: for you alone)")
        click.echo(f"PAC file      {device.pac_url}")
        kept = keep_pac(folder, *client.pac(device.pac_url, device.pac_key))
        click.echo(f"              {kept}, signed")


@command.command("pac")
@_KEPT
@_TRUSTED
def pac(folder: Path, ca_file: Path | None) -> None:
    """On the device itself: fetch its PAC file again; one whose signature is wrong is not taken."""
    from promptguard.device_sign_in.client import DeviceClient
    from promptguard.device_sign_in.kept_device import keep_pac, read_kept

    kept = read_kept(folder)
    with DeviceClient(kept["url"], ca_file) as client:
        click.echo(f"{keep_pac(folder, *client.pac(kept['pac_url'], kept['pac_key']))}, signed")


def _tell(waiting: Waiting) -> None:
    click.echo(f"Open {waiting.verification_uri} and sign in with the code {waiting.user_code}.")
    if waiting.verification_uri_complete:
        click.echo(f"Or, with the code in it: {waiting.verification_uri_complete}")
