"""`promptguard configuration`: one configuration for all proxies that share a database, signed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptguard.commands.support.key_files import key_pair_options, write_pair
from promptguard.commands.support.options import FOUND, Group, folders, format_option, print_json, user_name
from promptguard.commands.support.reasons import reason_option
from promptguard.errors import PromptGuardError

if TYPE_CHECKING:
    from promptguard.policy.publications import PublicationStore
    from promptguard.runtime.publishing import Signer

_PASSPHRASE = "PROMPTGUARD_SIGNING_PASSPHRASE"  # noqa: S105 - the name of a variable
_WAIT_SECONDS = 30.0


@click.group("configuration", cls=Group)
def command() -> None:
    """Publish a signed configuration for all proxies that share a database, and go back."""


@command.command("keygen")
@key_pair_options(_PASSPHRASE)
def keygen(out: Path, passphrase: str) -> None:
    """Make a pair of keys with which configurations are signed (Ed25519)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from promptguard.evidence.keys import encrypted_pem, public_pem

    key = Ed25519PrivateKey.generate()
    public = write_pair(out, encrypted_pem(key, passphrase), public_pem(key.public_key()))
    click.echo(f"Private key  {out}   (keep it with who may change the configuration, and where no proxy is)")
    click.echo(f"Public key   {public}   (for the configuration folder of each proxy, and its promptguard.yaml:")
    click.echo(f"             configuration: {{signed_by: {public.name}}})")


def _signing(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option(
            "--passphrase",
            envvar=_PASSPHRASE,
            prompt="Passphrase of the private key",
            hide_input=True,
            help=f"Asked for where it is not in {_PASSPHRASE}; on the command line other users of the machine see it.",
        ),
        reason_option(help="Why, for the history that all see."),
        click.option(
            "--key",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            required=True,
            help="File of the private key.",
        ),
    ):
        function = option(function)
    return function


@command.command("publish")
@folders
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the files to publish, in place of the configuration folder.",
)
@_signing
def publish_files(config: Path, data: Path, source: Path | None, key: Path, reason: str, passphrase: str) -> None:
    """Check the configuration, sign it, and have all proxies take it up.

    Published are the policy, services, recognizers, notices, people and kinds of incidents; promptguard.yaml stays
    each machine's own.
    """
    from promptguard.configuration.publishing import shared_files
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.publishing import check_files, publish

    signer = _signer(config, key, passphrase)
    files = shared_files(source or config)
    check_files(config, files, source or config, cache=DataFolder(data).cache)
    with _opened(config, data) as store:
        _tell(store, publish(store, files, signer, reason).number)


@command.command("rollback")
@folders
@click.option("--to", "number", type=int, help="Number of the version to go back to; by default the one before.")
@_signing
def rollback(config: Path, data: Path, number: int | None, key: Path, reason: str, passphrase: str) -> None:
    """Publish an earlier version again."""
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.publishing import check_files, earlier, publish

    signer = _signer(config, key, passphrase)
    with _opened(config, data) as store:
        version, files = earlier(store, number)
        check_files(config, files, cache=DataFolder(data).cache)
        _tell(store, publish(store, files, signer, reason, restores=version.number).number)


@command.command("history")
@folders
@format_option
def history(config: Path, data: Path, form: str) -> None:
    """Who published which version when and why, and how many proxies run it."""
    from promptguard.runtime.publishing import taken_up

    with _opened(config, data) as store:
        versions = store.all()
        runs = taken_up(store, versions[0].number if versions else 0, 0)
    if form == "json":
        print_json(
            [
                {
                    **{
                        name: getattr(each, name) for name in ("number", "time", "author", "reason", "restores", "hash")
                    },
                    "running": sum(run.taken == each.number for run in runs),
                    "refused": sum(run.refused == each.number for run in runs),
                }
                for each in versions
            ]
        )
        return
    if not versions:
        click.echo("Nothing was published: each proxy goes by its own configuration folder.")
    for each in versions:
        again = f" (version {each.restores} again)" if each.restores else ""
        click.echo(f"{each.number:>6}  {each.time}  {each.author}: {each.reason}{again}")
        running, refused = (sum(getattr(run, what) == each.number for run in runs) for what in ("taken", "refused"))
        if running:
            click.echo(f"        run by {running} of {len(runs)} processes")
        if refused:
            click.echo(f"        refused by {refused}: their logs, and `promptguard doctor` there, say why")


def _signer(config: Path, key: Path, passphrase: str) -> Signer:
    from promptguard.commands.support.options import load_settings
    from promptguard.configuration.publishing import load_private
    from promptguard.runtime.publishing import Signer, check_signer

    private = load_private(key, passphrase)
    check_signer(private, load_settings(config).configuration.signed_by)
    return Signer(user_name(), private)


@contextmanager
def _opened(config: Path, data: Path) -> Iterator[PublicationStore]:
    from promptguard.configuration.reading_settings import read_settings
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.publishing import configuration_key
    from promptguard.runtime.record import open_to_read

    folder, settings = DataFolder(data), read_settings(config)
    database = folder.at(settings.audit.path)
    if settings.database is None and database.exists() and not os.access(database, os.W_OK):
        raise PromptGuardError(f"{database}: this user may not write it. Run this as the user who runs PromptGuard.")
    with open_to_read(settings, folder) as backend:
        yield backend.publications(configuration_key(folder))


def _tell(store: PublicationStore, number: int) -> None:
    """Say what became of a version; ends with status 1 where not all have taken it up."""
    from promptguard.runtime.publishing import taken_up

    click.echo(f"Version {number} is published.")
    runs = taken_up(store, number, _WAIT_SECONDS)
    taken = [run for run in runs if run.taken >= number]
    if not runs:
        click.echo("No proxy runs that takes it up: each does so when it starts.")
        return
    click.echo(f"{len(taken)} of {len(runs)} processes run it.")
    for run in runs:
        if run.refused == number:
            click.echo(f"{run.machine} refused it: its log, and `promptguard doctor` there, say why.", err=True)
        elif run.taken < number:
            click.echo(f"{run.machine} has not taken it up.", err=True)
    if len(taken) < len(runs):
        sys.exit(FOUND)
