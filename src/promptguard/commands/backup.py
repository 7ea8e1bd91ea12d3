"""`promptguard backup`: a file of all that was recorded, and one of the keys."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import Group, folders, format_option, print_json, user_name

if TYPE_CHECKING:
    from promptguard.runtime.backup.create import WithKeys

PASSPHRASE = "PROMPTGUARD_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("backup", cls=Group)
def command() -> None:
    """Back an installation up while it runs, and put it back."""


@command.command("create")
@folders
@click.option("--to", type=_FILE, required=True, help="The file to make; it must not be there.")
@click.option("--with-keys", type=_FILE, help="A file of its own for the keys, under a passphrase.")
def create(config: Path, data: Path, to: Path, with_keys: Path | None) -> None:
    """Make a backup of record, reviewing, heads and configuration; requests go on meanwhile.

    Without its keys a backup can be neither read nor put back. Keep them in another place, and the newest file of them
    only: an older one opens what has expired since. The passphrase is asked for, or in PROMPTGUARD_BACKUP_PASSPHRASE.
    """
    from promptguard.runtime.backup.create import create

    create(config, data, to, _with_keys(with_keys, confirm=True))
    click.echo(f"{to} is made." + (f" Its keys are in {with_keys}." if with_keys else " It has no keys in it."))


@command.command("check")
@click.argument("file", type=_FILE)
@format_option
def check(file: Path, form: str) -> None:
    """See that FILE is a whole backup; nothing is changed."""
    from promptguard.runtime.backup.restore import check

    manifest = check(file)
    if form == "json":
        print_json(manifest)
        return
    size = sum(each["bytes"] for each in manifest["files"].values())
    click.echo(
        f"{file} is whole: {len(manifest['files'])} files, {size / 1e6:.1f} MB, {manifest['database']}, made"
        f" {manifest['time']}."
    )


@command.command("restore")
@folders
@click.argument("file", type=_FILE)
@click.option("--keys", type=_FILE, help="The file of the keys, where they do not lie in the data folder already.")
def restore(config: Path, data: Path, file: Path, keys: Path | None) -> None:
    """Put FILE back into a data folder that is not there, or has only the keys in it.

    The record is verified, and says from then on that it was put back. On PostgreSQL the database must be empty.
    """
    from promptguard.runtime.backup.restore import restore

    restored = restore(config, data, file, user_name(), _with_keys(keys, confirm=False))
    click.echo(f"{data} is put back as of {restored.time}. {restored.report.sentence}")
    if not restored.configuration:
        click.echo(f"The configuration in {config} was left as it is.")
    if restored.in_doubt:
        click.echo(
            "Exceptions, statuses of tools and accepted false alarms are as of then: those that allow something count"
            " after `promptguard orders accept`. See `promptguard orders check`."
        )


def _with_keys(path: Path | None, *, confirm: bool) -> WithKeys | None:
    from promptguard.runtime.backup.create import WithKeys

    if path is None:
        return None
    passphrase = os.environ.get(PASSPHRASE)
    if passphrase is None:
        passphrase = click.prompt("Passphrase of the keys", hide_input=True, confirmation_prompt=confirm)
    return WithKeys(path, str(passphrase))
